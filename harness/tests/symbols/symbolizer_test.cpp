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
  CHECK((stack[0].owner == Owner::user));
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

TEST_CASE("names are safe to print") {
  Symbolizer symbolizer;
  CHECK(symbolizer.frames({"/no/such/\x1b[31mfile\n", 0x42})[0].module == "\\x1b[31mfile\\x0a");
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

TEST_CASE("what built a program") {
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  CHECK(producerOf(self).find("GNU C++20") == 0);
  CHECK(buildIdOf(self).size() == 40);
  CHECK(producerOf("/no/such/file").empty());
  CHECK(buildIdOf("/no/such/file").empty());
}
