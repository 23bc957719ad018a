// repopipe (pipeline/main.cc) that crashes on a page with the text in REPOPIPE_TEST_POISON, as if
// its parser had a defect; with REPOPIPE_TEST_POISONED_WORKERS each worker process crashes at its
// start.
#include <dlfcn.h>
#include <libdeflate.h>
#include <sys/resource.h>

#include <cstdlib>
#include <string_view>

namespace {

void crash() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  std::abort();
}

void crash_over(std::string_view page) {
  const char* const poison = std::getenv("REPOPIPE_TEST_POISON");
  if (poison == nullptr || page.find(poison) == page.npos) return;
  crash();
}

__attribute__((constructor)) void crash_as_worker(int argc, char** argv) {
  if (std::getenv("REPOPIPE_TEST_POISONED_WORKERS") == nullptr) return;
  if (argc > 1 && std::string_view(argv[1]) == "worker") crash();
}

}  // namespace

// Replaces the function of the library.
extern "C" libdeflate_result libdeflate_gzip_decompress_ex(libdeflate_decompressor* decompressor,
                                                           const void* in, size_t in_size,
                                                           void* out, size_t out_room,
                                                           size_t* in_read, size_t* out_size) {
  static const auto real = reinterpret_cast<decltype(&libdeflate_gzip_decompress_ex)>(
      dlsym(RTLD_NEXT, "libdeflate_gzip_decompress_ex"));
  const libdeflate_result result =
      real(decompressor, in, in_size, out, out_room, in_read, out_size);
  if (result == LIBDEFLATE_SUCCESS) crash_over({static_cast<const char*>(out), *out_size});
  return result;
}
