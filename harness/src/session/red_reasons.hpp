// Why a gate is red.
#pragma once

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
  std::string what;           ///< "LEAK  login  +1.000 blocks, +17 B per request of step login"
  std::string place;          ///< "at src/login.cpp:12, called from main src/main.cpp:30"; "" if unknown
  std::string reproduce;      ///< command line
  std::string fingerprint{};  ///< of the finding; of others the same for the same scenario, kind and subject
  std::string file{};         ///< of the finding's place; "" if unknown, and of others
  unsigned line = 0;

  friend bool operator==(const RedReason&, const RedReason&) = default;
};

/// All reasons, sorted. `gateCommand`: how the gate was called, without scenarios.
std::vector<RedReason> redReasons(const std::vector<GateResult>& results, const std::string& gateCommand);

/// Sorts by kind, leaks by their bytes.
void sortWorstFirst(std::vector<RedReason>& reasons);

}  // namespace leakgate
