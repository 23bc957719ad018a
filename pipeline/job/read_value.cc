#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/text.h"
#include "pipeline/base/url.h"
#include "pipeline/job/bind.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

constexpr std::size_t kLongestText = 100;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// One overload per form; each sets the field or reports an error.
class Reader {
 public:
  Reader(const JobKey& key, const Node& node, Binding& binding)
      : key_(key), node_(node), binding_(binding) {}

  void operator()(const WholeForm& form) const {
    if (!form.word_for_zero.empty() && node_.text == form.word_for_zero) {
      form.field(binding_.job) = 0;
      return;
    }
    const auto number = whole_number(node_);
    if (node_.kind == NodeKind::text && kind_of_plain(node_.text) == NodeKind::integer) {
      return propose("leave out the quotes", "{} is {}: expected {}, without quotes", key_.path,
                     describe(node_), expectation(key_));
    }
    if (!number || *number < form.minimum || *number > form.maximum) return wrong();
    form.field(binding_.job) = static_cast<int>(*number);
  }

  void operator()(const DurationForm& form) const {
    if (!form.word_for_forever.empty() && node_.text == form.word_for_forever) {
      form.field(binding_.job) = kForever;
      return;
    }
    const auto minimum = *parse_duration(form.minimum), maximum = *parse_duration(form.maximum);
    if (lacks_unit()) return needs_unit("duration", with_unit(node_.text, minimum, maximum), "30s");
    const auto duration = node_.kind == NodeKind::text ? parse_duration(node_.text) : std::nullopt;
    if (!duration) return misspelt(meant_duration(plain_text(), minimum, maximum), "30s");
    if (*duration < minimum || *duration > maximum) return wrong();
    form.field(binding_.job) = *duration;
  }

  void operator()(const SizeForm& form) const {
    const auto minimum = *parse_bytes(form.minimum), maximum = *parse_bytes(form.maximum);
    if (lacks_unit()) return needs_unit("size", with_unit(node_.text, minimum, maximum), "64MiB");
    const auto size = node_.kind == NodeKind::text ? parse_bytes(node_.text) : std::nullopt;
    if (!size) return misspelt(meant_size(plain_text(), minimum, maximum), "64MiB");
    if (*size < minimum || *size > maximum) return wrong();
    form.field(binding_.job) = *size;
  }

  void operator()(const RatioForm& form) const {
    const auto number = real_number(node_);
    if (!number || !(*number >= form.minimum && *number <= form.maximum)) {
      return misspelt(meant_ratio(plain_text(), form.minimum, form.maximum), {});
    }
    form.field(binding_.job) = *number;
  }

  void operator()(const ChoiceForm& form) const {
    if (node_.kind == NodeKind::text) {
      for (std::size_t index = 0; index < form.words.size(); ++index) {
        if (form.words[index] == node_.text) return form.choose(binding_.job, index);
      }
      const std::string_view near = nearest_word(node_.text, form.words);
      if (!near.empty() && form.words.size() > 1) {
        return propose(fmt::format("did you mean {}?", near),
                       "{} is {}: expected {}; did you mean {}?", key_.path, describe(node_),
                       expectation(key_), near);
      }
    }
    wrong();
  }

  void operator()(const TextForm& form) const {
    if (needs_text()) return;
    const std::size_t length = count_characters(node_.text);
    if (length == 0 || length > kLongestText) return wrong();
    if (std::ranges::any_of(node_.text, is_control)) return wrong();
    form.field(binding_.job) = node_.text;
  }

  void operator()(const CommandForm& form) const {
    if (needs_text()) return;
    const bool is_blank = trim(node_.text).empty();
    if (is_blank || node_.text.find('\0') != std::string::npos) return wrong();
    form.field(binding_.job) = node_.text;
  }

  void operator()(const PingUrlForm&) const {
    if (!needs_text()) read_ping_url(key_, node_, binding_);
  }

  void operator()(const UrlForm& form) const {
    if (needs_text()) return;
    const BaseUrl url = check_base_url(node_.text);
    if (!url.complaint.empty()) return propose({}, "{} {}", key_.path, url.complaint);
    form.field(binding_.job) = url.text;
  }

  void operator()(const PathForm& form) const {
    if (needs_path()) return;
    if (!node_.text.ends_with(form.ending)) return wrong();
    form.field(binding_.job) = absolute(node_.text, binding_);
  }

  void operator()(const CertificatesForm& form) const {
    if (needs_path()) return;
    const std::filesystem::path path = absolute(node_.text, binding_);
    const std::string complaint = complaint_about_certificates(path);
    if (!complaint.empty()) {
      return propose({}, "{} is {}: {}{}", key_.path, describe(node_), complaint,
                     looked_for(node_.text, binding_));
    }
    form.field(binding_.job) = path;
  }

  void operator()(const UsernamesForm&) const { read_usernames(key_, node_, binding_); }
  void operator()(const UsernamesFileForm&) const {
    if (!needs_path()) read_usernames_file(key_, node_, binding_);
  }
  void operator()(const TokensForm&) const { read_tokens(key_, node_, binding_); }

  void operator()(const QueueForm&) const { read_queue(key_, node_, binding_); }
  void operator()(const TransformsForm&) const { read_transforms(key_, node_, binding_); }

 private:
  // An empty hint becomes what the key takes; see load_job.
  template <class... Parts>
  void propose(const std::string& hint, fmt::format_string<Parts...> format,
               Parts&&... parts) const {
    binding_.diagnostics.add(node_.place, node_.at,
                             fmt::format(format, std::forward<Parts>(parts)...), hint);
  }
  void wrong() const { report_wrong_value(key_, node_, binding_); }

  std::string_view plain_text() const {
    return is_scalar(node_) ? std::string_view(node_.text) : std::string_view();
  }

  // `meant` and `example` may be empty.
  void misspelt(const std::string& meant, std::string_view example) const {
    const std::string expected = "expected " + expectation(key_);
    if (!meant.empty()) {
      const std::string hint = fmt::format("did you mean {}?", meant);
      return propose(hint, "{} is {}: {}; {}", key_.path, describe(node_), expected, hint);
    }
    const std::string hint =
        example.empty() ? expected : fmt::format("{}, as in {}", expected, example);
    propose(hint, "{} is {}: {}", key_.path, describe(node_), hint);
  }

  void needs_unit(std::string_view what, const std::string& meant, std::string_view example) const {
    if (meant.empty()) return misspelt(meant, example);
    const std::string hint = fmt::format("a {} needs a unit, as in {}", what, meant);
    propose(hint, "{} is {}: {}", key_.path, describe(node_), hint);
  }

  bool lacks_unit() const {
    const bool digits = node_.text.find_first_not_of("0123456789") == std::string::npos;
    return !node_.text.empty() && digits && is_scalar(node_);
  }

  // Whether the value is not text; reports it.
  bool needs_text() const {
    if (node_.kind == NodeKind::text) return false;
    if (is_scalar(node_)) {
      propose("put it in quotes",
              "{} is {}: text that looks like a number or a truth value needs quotes", key_.path,
              describe(node_));
    } else {
      wrong();
    }
    return true;
  }

  bool needs_path() const {
    if (needs_text()) return true;
    if (node_.text.starts_with("~/")) {
      propose("write the whole path", "{} is {}: ~ is not expanded; write the whole path",
              key_.path, describe(node_));
      return true;
    }
    const bool legal = !node_.text.empty() && node_.text.find('\0') == std::string::npos;
    if (!legal) wrong();
    return !legal;
  }

  const JobKey& key_;
  const Node& node_;
  Binding& binding_;
};

}  // namespace

void read_value(const JobKey& key, const Node& node, Binding& binding) {
  std::visit(Reader(key, node, binding), key.form);
}

void report_wrong_value(const JobKey& key, const Node& node, Binding& binding) {
  binding.diagnostics.add(
      node.place, node.at,
      fmt::format("{} is {}: expected {}", key.path, describe(node), expectation(key)));
}

}  // namespace repopipe
