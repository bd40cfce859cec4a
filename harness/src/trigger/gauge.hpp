// Whose growth the experiments look at, and how it is read off a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/finding.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// One finding of the mixed run.
struct Gauge {
  FindingKind kind = FindingKind::heap;
  std::vector<CodeLocation> callers;  ///< none: the totals
  std::string scope;
  bool byBytes = false;   ///< what is there gets larger, its number stays
  double perRequest = 0;  ///< units (blocks, or chunks of bytes) per request in the mixed run
  std::int64_t unit = 1;  ///< bytes of a chunk; 1 for blocks
  std::string openFile;   ///< whose bytes grow while the target holds it open; "": the number is counted
};

/// Why short experiments say nothing of a finding: "follows time ..."; "" when they do.
std::string reasonNotAsked(const Finding& finding);

/// The gauge of a finding; nothing when reasonNotAsked() gives a reason, or nothing was measured.
std::optional<Gauge> gaugeOf(const Finding& finding, std::vector<CodeLocation> callers,
                             std::uint64_t requests);

/// Growth above the first checkpoint.
struct GrowthCourse {
  Series blocks;
  Series bytes;

  std::int64_t blockRise() const { return blocks.empty() ? 0 : blocks.back(); }
  std::int64_t byteRise() const { return bytes.empty() ? 0 : bytes.back(); }
};

GrowthCourse courseOf(const Gauge& gauge, const RunRecord& record);

/// The course in the gauge's units' measure: its blocks, or its bytes.
const Series& unitsOf(const GrowthCourse& course, const Gauge& gauge);

}  // namespace leakgate
