// A whole gate as a page.
#pragma once

#include <string>
#include <vector>

#include "html/page.hpp"
#include "session/gate_run.hpp"
#include "session/red_reasons.hpp"

namespace leakgate {

struct GatePageInput {
  const std::vector<GateResult>& results;
  const std::vector<RedReason>& reasons;  ///< sorted, see redReasons()
  double seconds = 0;                     ///< that the gate took
};

/// A self-contained HTML document: all reasons for red, the worst first, a row for each scenario, and the findings
/// of those that did not pass, as long as the page stays below kMaxGatePageBytes. The reports themselves are in
/// their files, which it names.
std::string gatePage(const GatePageInput& gate, const PageContext& context);

inline constexpr std::size_t kMaxGatePageBytes = 900'000;

}  // namespace leakgate
