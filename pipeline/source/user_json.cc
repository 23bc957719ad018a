#include "pipeline/source/user_json.h"

#include <nlohmann/json.hpp>

#include "pipeline/base/text.h"
#include "pipeline/job/document.h"
#include "pipeline/job/files.h"

namespace repopipe {
namespace {

using nlohmann::json;

// Each event returns false to end the parse.
class UserEvents final : public nlohmann::json_sax<json> {
 public:
  UserEvents(TrackedInput& input, LoginCheck& check, LoginSpool& spool)
      : input_(input), check_(check), spool_(spool) {}

  bool null() override { return refuse("null"); }
  bool boolean(bool value) override { return refuse(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return number(text); }
  bool binary(binary_t&) override { return false; }  // not in JSON text

  bool string(string_t& text) override {
    if (check_.check(text, input_.token_start())) status_ = spool_.add(text);
    input_.token_over();
    return status_.has_value();
  }

  bool start_array(std::size_t) override {
    if (inside_) return nested("a list");
    inside_ = true;
    input_.token_over();
    return true;
  }
  bool start_object(std::size_t) override { return nested("an object"); }
  bool key(string_t&) override { return false; }  // objects end the parse
  bool end_object() override { return false; }
  bool end_array() override {
    input_.token_over();
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    if (!input_.failure()) return false;  // the stream failed; the JSON may be correct
    const Complaint complaint = complaint_about_json(input_, error.what());
    check_.refuse(complaint.at, complaint.message);
    return false;
  }

  Status status() const { return status_; }

 private:
  bool number(const std::string& text) {
    check_.refuse(input_.token_start(),
                  shown_key(text) + " is not a username: expected text in quotes");
    input_.number_over();
    return true;
  }

  bool refuse(const std::string& what) {
    check_.refuse(input_.token_start(), what + " is not a username: expected text in quotes");
    input_.token_over();
    return true;
  }

  bool nested(const std::string& what) {
    check_.refuse(input_.token_start(), what + " is not a username: expected text");
    return false;
  }

  TrackedInput& input_;
  LoginCheck& check_;
  LoginSpool& spool_;
  Status status_;
  bool inside_ = false;
};

}  // namespace

Status check_user_json(ByteStream& stream, LoginCheck& check, LoginSpool& spool) {
  TrackedInput input(stream);
  UserEvents events(input, check, spool);
  json::sax_parse(InputCursor(input), InputCursor(), &events);
  if (const Status read = input.failure(); !read) return read;
  return events.status();
}

}  // namespace repopipe
