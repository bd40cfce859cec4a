// What a user's unit test needs of the installed package: it finds a leak with its call stack, and no other.
#include <cstdio>
#include <cstdlib>
#include <leakgate/testing.hpp>
#include <string>

namespace {

void* volatile gKept = nullptr;

[[gnu::noinline]] void keepOne() {
  gKept = std::malloc(17);
  asm volatile("");  // not a tail call, in which the frame would be gone
}

}  // namespace

int main() {
  if (!leakgate::testing::available()) return std::puts("allocations cannot be counted"), 1;
  LEAKGATE_REQUIRE_NO_GROWTH(std::string(100, 'x').clear());
  try {
    leakgate::testing::requireNoGrowth(keepOne);
  } catch (const leakgate::testing::GrowthError& error) {
    const std::string text = error.what();
    if (text.find("+1 blocks, +17 B stay") == std::string::npos || text.find("keepOne") == std::string::npos)
      return std::printf("not the stack that was expected:\n%s", text.c_str()), 1;
    return std::puts("the installed package works"), 0;
  }
  return std::puts("a leak was not found"), 1;
}
