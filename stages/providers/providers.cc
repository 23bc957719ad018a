// The table of providers.  A new one is a folder here and a row.
#include <algorithm>
#include <array>

#include "pipeline/model/provider.h"
#include "stages/providers/gitea/gitea.h"
#include "stages/providers/github/github.h"

namespace repopipe {

namespace {

constexpr std::array<const Provider*, 2> kProviders{&kGithub, &kGitea};

}  // namespace

std::span<const Provider* const> providers() {
  return kProviders;
}

const Provider* find_provider(std::string_view kind) {
  const auto found = std::ranges::find(kProviders, kind, &Provider::kind);
  return found == kProviders.end() ? nullptr : *found;
}

}  // namespace repopipe
