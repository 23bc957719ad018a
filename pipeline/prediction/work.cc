#include "pipeline/prediction/work.h"

#include <algorithm>
#include <numeric>

#include "pipeline/plan/subjects/subject_table.h"

namespace repopipe {

double Work::requests() const {
  double sum = 0;
  for (const TokenWork& token : tokens) sum += token.requests;
  return sum;
}

double Work::free() const {
  double sum = 0;
  for (const TokenWork& token : tokens) sum += token.free;
  return sum;
}

bool Principals::are_known() const {
  return std::ranges::none_of(all, [](const Principal& each) { return each.identity.empty(); });
}

WorkCount::WorkCount(const Protocol& protocol, const Principals& principals,
                     const KnownLists& lists, const Experience& past)
    : protocol_(protocol),
      principals_(principals),
      lists_(lists),
      past_(past),
      table_(principals.all),
      are_known_(principals.are_known()) {
  work_.tokens.resize(principals.all.size());
  if (!principals.are_checked) return;
  for (TokenWork& token : work_.tokens) token.requests = 1;
}

void WorkCount::add(const Subject& subject) {
  if (!seen_.insert(hash_of_list(subject.login, subject.resource)).second) return;
  const bool is_list = subject.resource != kRepositoriesId;
  const KnownList* known = lists_.find(subject.login, subject.resource);
  if (known != nullptr && known->is_done) {
    if (!is_list) ++work_.done;
    return;
  }
  ++(is_list ? work_.lists : work_.users);
  const std::size_t number = token_of(key_of(subject), known);
  TokenWork& token = work_.tokens[number];
  if (lacks_parent(protocol_.resource(subject.resource))) token.requests += 1;  // WhoHas
  const bool is_known = known != nullptr && (known->pages > 0 || known->requests > 0);
  if (is_known) return count(share_of(subject, *known, number), token);
  if (!is_list) ++work_.unknown;
  token.requests += is_list ? 1 : past_.mean_pages;
}

// What is left to be told: retries and second readings are in the rates.
WorkCount::Share WorkCount::share_of(const Subject& subject, const KnownList& known,
                                     std::size_t token) const {
  Share share{.pages = static_cast<double>(known.pages > 0 ? known.pages : known.listed)};
  share.is_conditional = known.pages > 0 && has_etags(known, token);
  const bool was_tried = known.requests > 0 && !known.was_listed;
  if (was_tried) {  // it will take as many requests again
    share.pages = known.listed;
    share.extra = known.requests - std::min(known.requests, known.listed);
    return share;
  }
  if (known.pages == 0 || known.is_small) return share;
  const ListingOf listing{.login = subject.login, .resource = subject.resource};
  const std::string target = protocol_.ask(listing).target;
  if (known.target == hash_of_target(target)) return share;
  const bool is_elsewhere = known.path != hash_of_path(target);
  share.extra = is_elsewhere ? 1 : 0;  // a redirect; else another page size
  share.is_conditional = share.is_conditional && is_elsewhere;
  return share;
}

std::size_t WorkCount::token_of(const std::string& key, const KnownList* known) {
  if (are_known_) return table_.of(key);
  const auto& all = principals_.all;
  for (std::size_t i = 0; known != nullptr && known->pages > 0 && i < all.size(); ++i) {
    if (has_etags(*known, i)) return i;
  }
  return turn_++ % all.size();
}

// Those of another owner than the known ones are assumed to be those of the unknown one.
bool WorkCount::has_etags(const KnownList& known, std::size_t token) const {
  const std::string& owner = lists_.principals[known.principal];
  const auto is_owner = [&owner](const Principal& each) {
    return !each.identity.empty() && each.etag_owner() == owner;
  };
  const Principal& mine = principals_.all[token];
  if (!mine.identity.empty()) return is_owner(mine);
  return !owner.empty() && std::ranges::none_of(principals_.all, is_owner) &&
         owner.ends_with(mine.etag_owner());
}

void WorkCount::count(const Share& share, TokenWork& token) {
  const PageRates& rates = share.pages > 1 ? past_.several : past_.single;
  token.requests += share.pages * rates.requests + share.extra;
  if (!share.is_conditional) return;
  work_.conditional += share.pages;
  token.free += share.pages * rates.free;
}

}  // namespace repopipe
