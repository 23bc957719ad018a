// The subjects in progress, from their first request until they are committed: for each what is
// known of it, its pages, and what is missing.  A slot map: a task names its subject by a handle,
// so a login is folded when it is read and not for each task.  Used by Plan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"

namespace repopipe {

// What names a subject among those of a run, in any spelling of its login.
std::string key_of(const Subject& subject);

// Why an account was asked for before or beside its list.
enum class Inquiry {
  none,
  number,         // the list does not tell whose it is, see lacks_parent
  lost_login,     // the login leads nowhere
  other_account,  // the login leads to another account
};

// Threading: that of Plan.
struct SubjectState {
  SubjectHandle handle{};
  std::string key{};
  Subject subject{};
  Listing listing{};        // empty once it is with the store
  std::size_t out = 0;      // tasks in flight
  std::size_t waiting = 0;  // tasks not yet sent
  std::size_t missing = 1;  // pages known of and not yet received
  std::size_t pages = 0;    // collected; they are held until the store has written them
  std::optional<std::uint64_t> total{};  // records of the list, as its pages tell; see PageRead
  std::uint32_t generation = 0;          // which try of the whole listing this is
  int first_attempt = 1;                 // of the tasks of this try
  Inquiry inquiry = Inquiry::none;
  bool is_confirmed = false;   // the API has said that the account is there
  bool is_identified = false;  // and which number it has: `listing.account`
  bool is_second = false;      // see Listing::is_second_reading
  bool lacks_pages = false;    // some page of the listing could not be had
  bool fails_alone = false;    // it failed while others were answered
  bool left = false;           // the listing was passed to the store
  bool written = false;        // the store has written its rows

  bool is_listing() const { return listing.outcome == Outcome::ok; }
  // Tasks of an earlier try may still be in flight: they count too.
  bool is_whole() const { return out == 0 && (missing == 0 || !is_listing()); }

  // The page as the database knows it; null: it does not, or under another target.
  const KnownPage* known_page(const Request& request) const;

  // If the database knows this page under that principal: ask only whether it has changed.
  void make_conditional(Request& request, std::string_view identity) const;

  // Repositories are known that must be on this page, or the API has announced it.
  bool expects_records(const Request& request) const;

  // The page could not be had: the listing continues without it.
  void lack(std::string_view why);

  // The account behind the login as the rows have it; nothing: no row is the login's own.
  std::optional<std::int64_t> owner() const;

  // The whole list is here and shows nothing of that account: the login may lead to another now.
  bool shows_nothing_of(std::int64_t account) const;

  // A page was read.  A failure: it repeats an earlier one, so the listing would never end.
  Status add(Page page, std::string_view identity);

  // Drops the pages of the listing; returns how many were collected.
  std::size_t forget_pages();
  // The listing begins again from its first page: responses to tasks in flight are ignored.
  std::size_t start_over();

  // Records that the API counts and does not show are no proof that others are gone.
  void count_hidden();
  // The list has records, by its total, and shows none.
  bool shows_nothing() const;

  // Its outcome when every page is here.
  void conclude();
};

// Threading: that of Plan.  A reference to a state is good until the state is removed.
class SubjectTable {
 public:
  // A new state; its key, see key_of, must not be in progress.
  SubjectState& add(std::string key);
  // Throws std::out_of_range for a handle whose subject was removed.
  SubjectState& at(SubjectHandle handle);
  // Null: it is not in progress.
  SubjectState* find(std::string_view key);
  bool contains(std::string_view key) const;
  // Its handle is invalid from now on, also when the slot is used again.
  void remove(SubjectHandle handle);

  std::size_t size() const { return slots_by_key_.size(); }
  bool is_empty() const { return slots_by_key_.empty(); }

  template <class Action>
  void for_each(Action&& action) {
    for (Slot& slot : slots_) {
      if (slot.state) action(*slot.state);
    }
  }
  void clear();

 private:
  struct Slot {
    std::uint32_t generation = 0;
    std::optional<SubjectState> state{};
  };
  void empty(std::uint32_t index);

  std::deque<Slot> slots_{};
  std::vector<std::uint32_t> free_{};  // slots without a state
  std::unordered_map<std::string, std::uint32_t> slots_by_key_{};
};

}  // namespace repopipe
