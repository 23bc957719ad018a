# Flags that every target of this project is built with.
add_library(repopipe_options INTERFACE)
target_compile_features(repopipe_options INTERFACE cxx_std_20)
target_compile_options(repopipe_options INTERFACE -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps that are not there in std::string (GCC bug 105651).
  target_compile_options(repopipe_options INTERFACE -Wno-restrict)
endif()
target_include_directories(repopipe_options INTERFACE ${PROJECT_SOURCE_DIR})

# Assertions state what only a bug can break; they cost nothing measurable, so every build keeps them.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")

if(REPOPIPE_SANITIZE)
  set(sanitize -fsanitize=${REPOPIPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(repopipe_options INTERFACE ${sanitize})
  target_link_options(repopipe_options INTERFACE -fsanitize=${REPOPIPE_SANITIZE})
endif()

if(REPOPIPE_PRECOMPILE)
  target_precompile_headers(repopipe_options INTERFACE
    <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <span> <string>
    <string_view> <tl/expected.hpp> <variant> <vector>)
endif()
