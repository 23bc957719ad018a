#include "pipeline/plan/subjects/identity.h"

#include <fmt/format.h>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

bool can_ask_for_number(const SubjectState& subject, const Protocol& protocol) {
  const bool is_open = subject.inquiry == Inquiry::none || subject.inquiry == Inquiry::number;
  return is_open && subject.listing.account && protocol.knows_numbers(subject.subject.resource);
}

Failure hidden(const SubjectState& subject, const Protocol& protocol) {
  const std::string& login = subject.listing.login;
  if (subject.subject.resource == kRepositoriesId) {
    return {FailureKind::hidden,
            fmt::format("{}: the account exists, but this token cannot see its list", login)};
  }
  return {FailureKind::hidden,
          fmt::format("{}: the account exists, but it has no list of {} that this token can see",
                      login, protocol.resource(subject.subject.resource).name)};
}

// Whose list it will be.  What is known of the list of another account says nothing of this one.
IdentityStep identify(SubjectState& subject, const Account& account) {
  subject.inquiry = Inquiry::none;
  subject.is_confirmed = true;
  subject.is_identified = true;
  subject.listing.account = account.id;
  subject.listing.moved = !equal_ignoring_case(account.login, subject.listing.login);
  if (subject.subject.account && subject.subject.account != account.id) {
    subject.subject.pages.clear();
    subject.subject.known_records = 0;
    subject.subject.empty_before_run = false;
  }
  return ListFromStart{};
}

}  // namespace

Question question_of(const SubjectState& subject, const Protocol& protocol) {
  const Listing& listing = subject.listing;
  if (protocol.knows_numbers(listing.resource) && listing.moved && listing.account) {
    return ListingOfAccount{*listing.account, listing.per_page, listing.resource};
  }
  return ListingOf{listing.login, listing.per_page, listing.resource};
}

IdentityStep after_not_found(SubjectState& subject, const Task& task, const Failure& failure,
                             const Protocol& protocol) {
  const bool is_account = task.request.kind == RequestKind::account;
  if (is_account && subject.inquiry != Inquiry::number) {
    subject.listing.proven_gone = subject.listing.account;
    if (subject.inquiry == Inquiry::other_account) return NothingMore{};
    return failure;
  }
  if (subject.is_confirmed) return hidden(subject, protocol);
  if (!can_ask_for_number(subject, protocol)) return failure;
  subject.inquiry = Inquiry::lost_login;
  return AskInstead{WhoIs{*subject.listing.account}};
}

IdentityStep after_account(SubjectState& subject, const Account& account,
                           const Protocol& protocol) {
  if (subject.inquiry == Inquiry::number) return identify(subject, account);
  const bool is_same_login = equal_ignoring_case(account.login, subject.listing.login);
  if (subject.inquiry == Inquiry::other_account) {
    const bool is_renamed = !is_same_login && account.id == subject.subject.account;
    if (is_renamed) subject.listing.renamed_account = account;
    return NothingMore{};
  }
  subject.is_confirmed = true;
  if (is_same_login) return hidden(subject, protocol);
  subject.is_identified = lacks_parent(protocol.resource(subject.subject.resource));
  subject.listing.moved = true;
  subject.listing.account = account.id;
  return ListFromStart{};
}

std::optional<Question> question_for_former(SubjectState& subject, const Protocol& protocol) {
  const auto& former = subject.subject.account;
  if (!former || subject.inquiry != Inquiry::none || subject.lacks_pages) return std::nullopt;
  if (!protocol.knows_numbers(subject.subject.resource)) return std::nullopt;
  if (!subject.shows_nothing_of(*former)) return std::nullopt;
  subject.inquiry = Inquiry::other_account;
  ++subject.missing;
  return WhoIs{*former};
}

}  // namespace repopipe
