#include "region/module_map.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <link.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>

using namespace leakgate;

namespace {

int someFunction() { return 1; }

// As in nm: the address minus the loader's base.
std::uint64_t fileAddress(const void* address, std::string& module) {
  Dl_info info{};
  link_map* map = nullptr;
  REQUIRE(::dladdr1(address, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) != 0);
  module = std::filesystem::canonical(map->l_name[0] != '\0' ? map->l_name : "/proc/self/exe");
  return reinterpret_cast<std::uint64_t>(address) - map->l_addr;
}

void checkLocation(const void* address) {
  ModuleMap modules(::getpid());
  std::string module;
  const std::uint64_t offset = fileAddress(address, module);
  const CodeLocation& location = modules.locate(reinterpret_cast<std::uint64_t>(address));
  CHECK(location.module == module);
  CHECK(location.offset == offset);
  CHECK(&modules.locate(reinterpret_cast<std::uint64_t>(address)) == &location);
}

}  // namespace

TEST_CASE("an address in the executable and in a library has its file's own offset") {
  checkLocation(reinterpret_cast<const void*>(&someFunction));
  checkLocation(::dlsym(RTLD_NEXT, "qsort"));
}

TEST_CASE("an address in no file is its own offset") {
  ModuleMap modules(::getpid());
  int onStack = someFunction();
  const auto address = reinterpret_cast<std::uint64_t>(&onStack);
  CHECK(modules.locate(address) == CodeLocation{"", address});
}

TEST_CASE("a process that does not exist has no modules") {
  ModuleMap modules(-1);
  CHECK(modules.locate(4096) == CodeLocation{"", 4096});
}
