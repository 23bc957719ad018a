// Which account a login belongs to: what to ask the API, and what its responses mean for a subject.
// Pure functions over the state of one subject; a failure ends it.  Used by Plan.
#pragma once

#include <optional>
#include <variant>

#include "pipeline/base/failure.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/listing.h"
#include "pipeline/plan/subjects/subject_table.h"

namespace repopipe {

// The list is read from its first page.
struct ListFromStart {};
// The account is asked for; the list is read again if its login is another one now.
struct AskInstead {
  Question question;
};
// One page is not needed any more.
struct NothingMore {};

using IdentityStep = std::variant<NothingMore, ListFromStart, AskInstead, Failure>;

// What to request for the subject's list: by number if its login leads elsewhere.
Question question_of(const SubjectState& subject, const Protocol& protocol);

// The login or the list was not found, or an account that was asked for.  The number of an account
// stays when its login changes.
IdentityStep after_not_found(SubjectState& subject, const Task& task, const Failure& failure,
                             const Protocol& protocol);

// The API has told an account that was asked for.
IdentityStep after_account(SubjectState& subject, const Account& account, const Protocol& protocol);

// The list is complete.  If it may belong to another account than the list of earlier runs, the
// question for that account; the records stay, whatever the answer is.
std::optional<Question> question_for_former(SubjectState& subject, const Protocol& protocol);

}  // namespace repopipe
