// The table of providers.  A new one is a file beside github.cc and a row here.
#include <algorithm>
#include <array>

#include "pipeline/model/provider.h"
#include "stages/providers/github/github.h"

namespace repopipe {

std::span<const ProviderEntry> providers() {
  static const std::array kProviders{GithubProvider::entry()};
  return kProviders;
}

const ProviderEntry* find_provider(std::string_view kind) {
  const auto entry = std::ranges::find(providers(), kind, &ProviderEntry::kind);
  return entry == providers().end() ? nullptr : &*entry;
}

}  // namespace repopipe
