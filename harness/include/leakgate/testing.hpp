// Checks whether a piece of code keeps memory: allocations and growth of a callable, for your own unit tests.
//
//   #include <leakgate/testing.hpp>
//
//   TEST_CASE("a session forgets its keys") {
//     Session session;
//     leakgate::testing::requireNoGrowth([&] {
//       session.set("user", "anna");
//       session.reset();
//     });
//   }
//
// Link leakgate::testing (before any other allocator). Works in every test framework that reports exceptions.
#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace leakgate::testing {

/// How often the callable runs. `warmup` calls let caches and pools fill; `measured` calls are counted in
/// blocks of a quarter, a quarter and a half. At least 4.
struct Repetitions {
  std::size_t warmup = 100;
  std::size_t measured = 1'000;
};

/// Blocks that are not freed, allocated by one call stack.
struct GrowingStack {
  double blocksPerIteration = 0;
  double bytesPerIteration = 0;     ///< as requested
  std::vector<std::string> frames;  ///< readable lines, innermost first; "=>" marks the function to blame
};

/// The result of the calls, over all threads of the process. An iteration is one call.
struct Measurement {
  Repetitions repetitions;
  double allocationsPerIteration = 0;
  double allocatedBytesPerIteration = 0;
  double liveBlocksPerIteration = 0;  ///< growth; exact: 1 block in 10 calls is 0.1
  double liveBytesPerIteration = 0;
  std::vector<GrowingStack> growing;  ///< stacks whose live blocks or bytes rose in the last block and in
                                      ///< another, the most bytes first, at most kMaxStacks

  bool grows() const { return !growing.empty(); }
  /// Several lines for people, with the stacks.
  std::string text() const;
};

inline constexpr std::size_t kMaxStacks = 10;

/// The measured code keeps memory; what() is Measurement::text().
class GrowthError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Whether allocations can be counted here: not under a sanitizer, which has its own allocator, and not in a
/// process that leakgate already watches.
bool available();

/// Calls it and counts. Threads: one at a time; other threads' allocations count too. From the first call on
/// every allocation of the process is recorded with its call stack, which costs about a microsecond each.
/// Errors: std::logic_error when not available(), std::invalid_argument for fewer than 4 repetitions;
/// exceptions of the callable.
Measurement measure(const std::function<void()>& iteration, Repetitions repetitions = {});

/// Throws GrowthError with the growing stacks when the callable keeps memory. If counting is not available()
/// it calls it once, without a check.
void requireNoGrowth(const std::function<void()>& iteration, Repetitions repetitions = {});

}  // namespace leakgate::testing

/// The same for a few statements: LEAKGATE_REQUIRE_NO_GROWTH(session.set("user", "anna"); session.reset());
#define LEAKGATE_REQUIRE_NO_GROWTH(...) ::leakgate::testing::requireNoGrowth([&] { __VA_ARGS__; })
