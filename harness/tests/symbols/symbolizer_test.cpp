#include "symbols/symbolizer.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

using namespace leakgate;

namespace probe {

const void* returnAddress = nullptr;

// Stands for the allocator: notes where it was called from.
[[gnu::noinline]] void allocatorStandIn() {
  returnAddress = __builtin_return_address(0);
  asm volatile("" ::: "memory");
}

constexpr unsigned kHelperLine = __LINE__ + 2;
[[gnu::always_inline]] inline void inlinedHelper() {
  allocatorStandIn();
  asm volatile("");
}

constexpr unsigned kFunctionLine = __LINE__ + 2;
[[gnu::noinline]] void leakyFunction() {
  inlinedHelper();
  asm volatile("");  // not a tail call
}

}  // namespace probe

namespace {

CodeLocation ownLocation(const void* address) {
  Dl_info info{};
  REQUIRE(dladdr(address, &info) != 0);
  const auto offset =
      reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  return {std::filesystem::read_symlink("/proc/self/exe").string(), offset};
}

Frame frame(const char* function, bool inlined) {
  Frame made;
  made.function = function;
  made.inlined = inlined;
  return made;
}

}  // namespace

TEST_CASE("a return address becomes the inlined frames and their function, with lines") {
  probe::leakyFunction();
  Symbolizer symbolizer;
  const auto stack = symbolizer.frames(ownLocation(probe::returnAddress));
  REQUIRE(stack.size() == 2);
  CHECK(stack[0].function == "probe::inlinedHelper");
  CHECK(stack[0].inlined);
  CHECK(stack[1].function == "probe::leakyFunction");
  CHECK_FALSE(stack[1].inlined);
  CHECK(std::filesystem::path(stack[0].file).filename() == "symbolizer_test.cpp");
  CHECK(stack[0].line == probe::kHelperLine);
  CHECK(stack[1].line == probe::kFunctionLine);
  CHECK(stack[1].module == "leakgate_symbols_test");
  CHECK(frameToBlame(stack) == 1);
}

TEST_CASE("without symbols module and offset remain") {
  Symbolizer symbolizer;
  for (const auto& location : {CodeLocation{"/no/such/file", 0x42}, CodeLocation{"", 0x42}}) {
    const auto stack = symbolizer.frames(location);
    REQUIRE(stack.size() == 1);
    CHECK(stack[0].function.empty());
    CHECK(stack[0].offset == 0x42);
  }
}

TEST_CASE("a library without debug information is named by its symbols") {
  Symbolizer symbolizer;
  Dl_info info{};
  void* strdupAddress = dlsym(RTLD_DEFAULT, "strdup");
  REQUIRE(dladdr(strdupAddress, &info) != 0);
  const auto offset =
      reinterpret_cast<std::uintptr_t>(info.dli_saddr) - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  const auto stack = symbolizer.frames({std::filesystem::canonical(info.dli_fname).string(), offset + 4});
  REQUIRE(stack.size() == 1);
  CHECK(stack[0].function.find("strdup") != std::string::npos);
}

TEST_CASE("the frame to name") {
  // Called by the user's function: what was inlined into it is its own.
  CHECK(frameToBlame({frame("std::allocate", true), frame("dupe", true), frame("Event::set", false)}) == 2);
  // Called by the library into which the user's functions were inlined.
  CHECK(frameToBlame({frame("std::a", true), frame("set", true), frame("handler", true),
                      frame("std::invoke", false)}) == 2);
  // Called by the library: the caller outside of it, where the stack has one.
  CHECK(frameToBlame({frame("std::create", false), frame("set", true), frame("handle", false),
                      frame("main", false)}) == 2);
  // In libc, whose functions have names like any other.
  Frame sort = frame("msort_with_tmp", false);
  sort.module = "libc.so.6";
  CHECK(frameToBlame({sort, frame("compare", false), frame("main", false)}) == 1);
  CHECK(frameToBlame({sort}) == 0);
  // In a header of the C++ library, by a name that does not say so.
  Frame invoke = frame("_M_invoke", false);
  invoke.file = "/usr/include/c++/12/bits/std_function.h";
  CHECK(frameToBlame({invoke, frame("handle", false)}) == 1);
  // In a stripped module of the user's.
  Frame nameless = frame("", false);
  nameless.module = "libplugin.so";
  CHECK(frameToBlame({sort, nameless, frame("main", false)}) == 1);
  CHECK(frameToBlame({frame("std::create", false)}) == 0);
  CHECK(frameToBlame({}) == 0);
}

TEST_CASE("what built a program") {
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  CHECK(producerOf(self).find("GNU C++20") == 0);
  CHECK(buildIdOf(self).size() == 40);
  CHECK(producerOf("/no/such/file").empty());
  CHECK(buildIdOf("/no/such/file").empty());
}
