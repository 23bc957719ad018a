# Flags that every target of this project is built with.
add_library(repopipe_options INTERFACE)
target_compile_features(repopipe_options INTERFACE cxx_std_20)
target_compile_options(repopipe_options INTERFACE -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps that are not there in std::string (GCC bug 105651).
  target_compile_options(repopipe_options INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # What GUARDED_BY and REQUIRES say; see pipeline/base/mutex.h.
  target_compile_options(repopipe_options INTERFACE -Wthread-safety)
endif()
target_include_directories(repopipe_options INTERFACE ${PROJECT_SOURCE_DIR})
# Here, because GCC shares precompiled headers only among targets with the same definitions.
target_compile_definitions(repopipe_options INTERFACE _FILE_OFFSET_BITS=64)
target_link_libraries(repopipe_options INTERFACE fmt::fmt)

# What optimised builds leave out; see stages/parse/simdjson.h.
target_compile_definitions(repopipe_options INTERFACE $<$<CONFIG:Debug>:REPOPIPE_DEBUG>)

# Assertions state what only a bug can break; they cost nothing measurable, so every build keeps them.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")

if(REPOPIPE_SANITIZE)
  set(sanitize -fsanitize=${REPOPIPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(repopipe_options INTERFACE ${sanitize})
  target_link_options(repopipe_options INTERFACE -fsanitize=${REPOPIPE_SANITIZE})
endif()

# The flags of dpkg-buildflags(1) with hardening=+all.
if(REPOPIPE_HARDENING)
  target_compile_options(repopipe_options INTERFACE
    -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wformat -Werror=format-security -fPIE)
  target_link_options(repopipe_options INTERFACE -pie -Wl,-z,relro -Wl,-z,now)
endif()

# What most sources include is read once: `owner` compiles `headers`, and every other target in the
# folder and below it shares the result.
function(repopipe_precompile folder owner)
  cmake_parse_arguments(arg "" "" "HEADERS" ${ARGN})
  if(NOT REPOPIPE_PRECOMPILE)
    return()
  endif()
  if(arg_HEADERS)
    target_precompile_headers(${owner} PRIVATE ${arg_HEADERS})
  endif()
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "STATIC|EXECUTABLE" AND NOT target STREQUAL owner)
      target_precompile_headers(${target} REUSE_FROM ${owner})
    endif()
  endforeach()
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(below IN LISTS folders)
    repopipe_precompile(${below} ${owner})
  endforeach()
endfunction()

# A target that unoptimised would take most of the time of the tests under the sanitizers; to
# optimise all of them would take twice as long to compile.  Not for what includes simdjson, whose
# classes differ without optimisation.
function(repopipe_optimise target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O1>)
  if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    set_target_properties(${target} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# Sources that a unity build compiles by themselves: names that they keep to themselves are those of
# others in the same library or test program, too.
function(repopipe_apart)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
