// Writes one run for people: the verdict first, then the reasons, then the figures.
#pragma once

#include <string>

#include "report/plot.hpp"
#include "report/report.hpp"

namespace leakgate {

struct RunTextOptions {
  bool colour = false;
  std::string reportFile;  ///< "" when none was written
  Charset charset = Charset::ascii;
};

/// Several lines, each ending in a newline.
std::string runText(const Report& report, const RunTextOptions& options);

/// The same verdict without the figures: failures with their places, course and fingerprint, suspects, notes.
/// Lines are indented by `indent`.
std::string verdictText(const Report& report, const std::string& indent, Charset charset = Charset::ascii);

/// The first few places whose memory changed without proof of continued growth, one line each, behind
/// `label`.
std::string observedText(const Report& report, const std::string& label);

/// The outcome in capitals, in green, red or yellow where colour is wanted.
std::string outcomeLabel(Outcome outcome, bool colour);

}  // namespace leakgate
