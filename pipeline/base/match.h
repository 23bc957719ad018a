// One lambda for each alternative of a variant: std::visit(Match{...}, variant).
#pragma once

namespace repopipe {

template <class... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;  // clang 14 does not deduce it by itself

}  // namespace repopipe
