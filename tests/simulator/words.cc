#include "tests/simulator/words.h"

namespace repopipe::simulator {

const std::array<std::string_view, 64> kAdjectives = {
    "amber",   "brisk",  "coral",    "dusty",  "eager",  "fancy",  "gentle", "hollow",
    "icy",     "jolly",  "keen",     "lunar",  "mellow", "noble",  "olive",  "plain",
    "quiet",   "rapid",  "silent",   "tidy",   "urban",  "vivid",  "warm",   "young",
    "zesty",   "azure",  "bold",     "calm",   "deep",   "elder",  "frosty", "grand",
    "happy",   "inner",  "just",     "kind",   "lively", "mighty", "neat",   "odd",
    "polar",   "quick",  "rustic",   "sandy",  "true",   "upper",  "velvet", "witty",
    "crimson", "daring", "early",    "faint",  "golden", "humble", "ivory",  "jade",
    "little",  "misty",  "northern", "orange", "proud",  "royal",  "sunny",  "tender"};

const std::array<std::string_view, 64> kNouns = {
    "falcon", "badger", "cedar",   "delta",   "ember",   "fjord",   "glacier", "harbor",
    "island", "jaguar", "kestrel", "lantern", "meadow",  "nebula",  "otter",   "pepper",
    "quarry", "raven",  "summit",  "tiger",   "umbra",   "valley",  "walnut",  "yonder",
    "zephyr", "anchor", "beacon",  "canyon",  "dolphin", "engine",  "forest",  "garden",
    "heron",  "iguana", "jungle",  "kernel",  "lagoon",  "marble",  "needle",  "orchid",
    "parrot", "quartz", "river",   "spruce",  "thistle", "unicorn", "violet",  "willow",
    "copper", "dragon", "eagle",   "fox",     "goose",   "hazel",   "ivy",     "jasper",
    "koala",  "lynx",   "maple",   "nomad",   "ocean",   "panda",   "rocket",  "salmon"};

const std::array<std::string_view, 64> kThings = {
    "api",    "app",    "async",   "audio",  "auth",   "backup",  "batch",   "binary",
    "blog",   "board",  "bot",     "build",  "cache",  "cal",     "chart",   "chat",
    "cli",    "cloud",  "cluster", "codec",  "config", "console", "crypto",  "dash",
    "data",   "deploy", "device",  "docs",   "editor", "event",   "feed",    "file",
    "font",   "form",   "game",    "geo",    "graph",  "grid",    "http",    "image",
    "index",  "intent", "json",    "kafka",  "lang",   "layout",  "ledger",  "lexer",
    "log",    "mail",   "map",     "metric", "mobile", "model",   "network", "notes",
    "parser", "pixel",  "queue",   "schema", "search", "socket",  "stream",  "term"};

const std::array<std::string_view, 64> kRoles = {
    "agent",   "archive", "bench",   "bridge",  "builder", "checker", "client", "core",
    "spider",  "daemon",  "demo",    "driver",  "engine",  "ex",      "dump",   "fab",
    "fetcher", "filter",  "finder",  "style",   "frame",   "gateway", "gen",    "guide",
    "handler", "hub",     "load",    "kit",     "lab",     "lib",     "linter", "loader",
    "manager", "mapper",  "mux",     "mirror",  "mock",    "monitor", "op",     "plugin",
    "pool",    "proxy",   "reader",  "reg",     "router",  "rs",      "runner", "box",
    "cron",    "sdk",     "server",  "service", "shell",   "starter", "sync",   "tmpl",
    "tester",  "tools",   "tracker", "utils",   "viewer",  "watcher", "worker", "wrapper"};

}  // namespace repopipe::simulator
