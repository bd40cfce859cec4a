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

/// A self-contained HTML document: all reasons for red, the worst first, a row for each scenario, the findings of
/// those that did not pass, as long as the text stays below kMaxGateTextBytes, and the reports as data, those that did
/// not pass first, as long as the page stays below kMaxGatePageBytes; see readReport(). Profiles are in the reports'
/// files alone.
std::string gatePage(const GatePageInput& gate, const PageContext& context);

inline constexpr std::size_t kMaxGateTextBytes = 550'000;
inline constexpr std::size_t kMaxGatePageBytes = 950'000;

}  // namespace leakgate
