// Waiting until the target stands still.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "region/snapshot.hpp"

namespace leakgate {

/// What must not change: a target at rest allocates nothing, opens nothing, starts nothing.
struct Activity {
  MemoryTotals memory;
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;

  friend bool operator==(const Activity&, const Activity&) = default;
};

inline constexpr std::chrono::milliseconds kQuietTime{50};
inline constexpr std::chrono::milliseconds kSettlePoll{5};

struct SettleResult {
  bool settled = false;  ///< false: it still changed at the timeout
  std::uint64_t elapsedNs = 0;
};

/// Reads every kSettlePoll until two readings kQuietTime apart, and all between them, are equal. What `read`
/// throws passes.
SettleResult waitUntilQuiet(const std::function<Activity()>& read, std::chrono::milliseconds timeout);

}  // namespace leakgate
