// What a replay reports while it runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace leakgate {

/// Called on the thread of replay(), in the order started, advanced (any number of times), finished.
/// Phases: "start", "warm-up", "block 1" ..., "settle", "stop".
class Progress {
 public:
  virtual ~Progress() = default;
  /// `total` is in requests; 0 when the phase has no countable work.
  virtual void started(std::string_view phase, std::uint64_t total) = 0;
  /// At most about ten times a second.
  virtual void advanced(std::uint64_t done) = 0;
  virtual void finished(std::string_view phase) = 0;
  /// After the warm-up and each block: how long the planned requests that are not sent yet will take.
  virtual void estimated(std::chrono::seconds /*left*/) {}
  /// One line for people, not overwritten by progress.
  virtual void noted(std::string_view /*text*/) {}
};

/// Reports nothing.
class SilentProgress final : public Progress {
 public:
  void started(std::string_view, std::uint64_t) override {}
  void advanced(std::uint64_t) override {}
  void finished(std::string_view) override {}
};

}  // namespace leakgate
