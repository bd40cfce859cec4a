// Why a gate is red, on one screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "session/gate_run.hpp"

namespace leakgate {

/// The worst first.
enum class RedKind { badInput, notMeasured, leak, unexpected, count, slowdown, loosened };

std::string_view toString(RedKind kind);

/// One reason for red, with all that is needed to act.
struct RedReason {
  RedKind kind = RedKind::count;
  double bytes = 0;  ///< of a leak, over the run
  std::string scenario;
  std::string what;       ///< "LEAK  login  +1.000 blocks, +17 B per request of step login"
  std::string place;      ///< "at src/login.cpp:12, called from main src/main.cpp:30"; "" if unknown
  std::string reproduce;  ///< command line

  friend bool operator==(const RedReason&, const RedReason&) = default;
};

/// All reasons, sorted. `gateCommand`: how the gate was called, without scenarios.
std::vector<RedReason> redReasons(const std::vector<GateResult>& results, const std::string& gateCommand);

/// Sorts by kind, leaks by their bytes.
void sortWorstFirst(std::vector<RedReason>& reasons);

inline constexpr std::size_t kScreenColumns = 80;
inline constexpr std::size_t kScreenLines = 22;  ///< of 24: the gate's last line follows

/// At most kScreenLines lines of kScreenColumns, in as much detail as all reasons leave room for: with place and
/// command each; a command for each scenario; a line each; as many as fit, and how many more. Words that are
/// longer than a line stay whole. "" without reasons.
std::string firstScreen(const std::vector<RedReason>& reasons);

}  // namespace leakgate
