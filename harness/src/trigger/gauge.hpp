// Selects the growth that experiments measure, and reads it from a run.
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
  std::vector<CodeLocation> callers;  ///< empty: the totals
  std::string scope;
  bool byBytes = false;   ///< blocks get larger while their number stays
  double perRequest = 0;  ///< units (blocks, or chunks of bytes) per request in the mixed run
  std::int64_t unit = 1;  ///< bytes of a chunk; 1 for blocks
  std::string openFile;   ///< open file whose bytes grow; "": counts by number
};

/// Why short experiments cannot measure a finding: "follows time ..."; "" when they can.
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

/// The course that the gauge measures: blocks, or bytes.
const Series& unitsOf(const GrowthCourse& course, const Gauge& gauge);

}  // namespace leakgate
