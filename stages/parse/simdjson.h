// simdjson, without its own assertions where the build is optimised: they ask at each step of the
// parser what is checked by the caller anyway, and are not inlined.  Every other assertion stays.
#pragma once

#ifndef REPOPIPE_DEBUG
#pragma push_macro("NDEBUG")
#define NDEBUG
#include <simdjson.h>
#pragma pop_macro("NDEBUG")
#include <cassert>  // again: it goes by the NDEBUG of where it was included last
#else
#include <simdjson.h>
#endif
