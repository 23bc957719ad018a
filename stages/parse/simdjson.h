// Includes simdjson without its assertions in optimised builds: they run at each step of the
// parser, check what the caller has checked, and prevent inlining.  Other assertions are not
// affected.
#pragma once

#ifndef REPOPIPE_DEBUG
#pragma push_macro("NDEBUG")
#define NDEBUG
#include <simdjson.h>
#pragma pop_macro("NDEBUG")
#include <cassert>  // again: assert follows the NDEBUG of its last inclusion
#else
#include <simdjson.h>
#endif
