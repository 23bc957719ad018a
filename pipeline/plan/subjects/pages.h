// What a page means for the list of its subject: collected, to be read again, or a failure.  Pure
// functions over the state of one subject.  Used by Plan.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"
#include "pipeline/plan/subjects/subject_table.h"

namespace repopipe {

struct PageRules {
  int attempts = 5;            // of one page, the first included
  std::string_view records{};  // in messages: "repositories"
  std::string etag_owner{};    // of the principal that read the page
};

// The page is in the subject's listing; these pages follow.
struct PageCollected {
  std::vector<Request> follow_ups;
};
// The page failed like a request.
struct PageRefused {
  Failure failure;
};
// The list changed while it was read: it starts again, as an attempt.
struct ListChanged {
  Failure failure;
};
// The list starts again, now and without ETags.
struct ReadWithoutEtags {};

using PageStep = std::variant<PageCollected, PageRefused, ListChanged, ReadWithoutEtags, Failure>;

// `read.page` is moved from if it is collected.  A refusal is noted in the subject's last log.
PageStep accept_page(SubjectState& subject, const Task& task, PageRead& read,
                     const PageRules& rules);

// Call it when no page is missing.  A failure: the API counts records and shows none.
std::optional<Failure> check_whole_list(SubjectState& subject, std::string_view records);

}  // namespace repopipe
