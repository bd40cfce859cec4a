// What tests of whole analyses share: two places, and the one finding that is expected.
#pragma once

#include <doctest/doctest.h>

#include "analysis/analyse.hpp"
#include "record_builder.hpp"

namespace leakgate {

inline const CodeLocation kSick = RecordBuilder::at(0x1000);
inline const CodeLocation kClean = RecordBuilder::at(0x2000);

inline Finding onlyFinding(const RunRecord& record) {
  const auto analysis = analyse(record);
  REQUIRE(analysis.findings.size() == 1);
  return analysis.findings.front();
}

}  // namespace leakgate
