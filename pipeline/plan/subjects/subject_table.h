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

// The key of a subject in a run: its folded login and its resource.
std::string key_of(const Subject& subject);

// Why the account is requested before or besides its list.
enum class Inquiry {
  none,
  number,         // its list does not have the account's number, see lacks_parent
  lost_login,     // the login was not found
  other_account,  // the login belongs to another account now
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

  // The page in the database; null: none with this number and target.
  const KnownPage* known_page(const Request& request) const;

  // Makes the request conditional if the database has the page's ETag for that principal.
  void make_conditional(Request& request, std::string_view identity) const;

  // Known records must be on this page, or the API has announced the page.
  bool expects_records(const Request& request) const;

  // The page could not be had: the listing continues without it.
  void lack(std::string_view why);

  // The account of the login by the records; nothing: no record has this login as its owner.
  std::optional<std::int64_t> owner() const;

  // The complete list has no record of that account: the login may belong to another one now.
  bool shows_nothing_of(std::int64_t account) const;

  // Adds a page.  Fails if it repeats an earlier page, because the listing would never end.
  Status add(Page page, std::string_view identity);

  // Drops the pages of the listing; returns how many were collected.
  std::size_t forget_pages();
  // The listing begins again from its first page: responses to tasks in flight are ignored.
  std::size_t start_over();

  // Counts records that the API counts and does not show as skipped: nothing is gone then.
  void count_hidden();
  // The total is above 0, and the list shows no record.
  bool shows_nothing() const;

  // Sets the outcome once no page is missing.
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
