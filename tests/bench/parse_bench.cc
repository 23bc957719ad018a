// Parse: inflates a page and reads its records, on one thread.
#include <benchmark/benchmark.h>

#include "stages/parse/parse.h"
#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"
#include "tests/bench/made_up_users.h"

namespace repopipe::bench {
namespace {

constexpr Bytes kMostBytes{64 << 20};

// Bytes are those of the JSON text.
void count(benchmark::State& state, const WirePage& page) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page.plain_size));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void inflate(benchmark::State& state) {
  const WirePage page = made_up_page(static_cast<std::uint64_t>(state.range(0)));
  Inflater inflater;
  for (auto _ : state) {
    benchmark::DoNotOptimize(inflater.inflate(page.gzip, "gzip", kMostBytes));
  }
  count(state, page);
}

void inflate_and_parse(benchmark::State& state) {
  const WirePage page = made_up_page(static_cast<std::uint64_t>(state.range(0)));
  const RestProtocol provider(kGithub, {"https://api.github.com", 100});
  ParseScratch scratch;
  for (auto _ : state) {
    const auto body = scratch.inflater.inflate(page.gzip, "gzip", kMostBytes);
    const auto rows = provider.read(Task{}, Response{}, *body, *scratch.json);
    if (!rows) state.SkipWithError(rows.error().message.c_str());
    benchmark::DoNotOptimize(rows);
  }
  count(state, page);
}

BENCHMARK(inflate)->ArgName("repos")->Arg(1)->Arg(20)->Arg(100);
BENCHMARK(inflate_and_parse)->ArgName("repos")->Arg(1)->Arg(20)->Arg(100);

}  // namespace
}  // namespace repopipe::bench
