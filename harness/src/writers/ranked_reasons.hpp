// What is wrong, each once and the worst first: for formats that have a row, a line or an annotation for it.
#pragma once

#include <vector>

#include "session/red_reasons.hpp"
#include "writers/writer.hpp"

namespace leakgate {

/// Reasons of one fingerprint: a line of code that leaks in three scenarios is one defect. Lifetime: points into the
/// input's results.
struct RankedReason {
  RedReason worst;
  std::vector<std::string> scenarios;     ///< all that have it, the worst first
  const GateResult* result = nullptr;     ///< of `worst`
  const NamedFinding* finding = nullptr;  ///< of `worst`; nullptr: it is no finding

  /// "What", then the scenarios if there are several, its place, fingerprint and command, a line each.
  std::string text() const;
};

std::vector<RankedReason> rankedReasons(const WriterInput& input);

}  // namespace leakgate
