#include "writers/source_place.hpp"

#include <algorithm>

#include "report/uri_text.hpp"
#include "writers/foreign_text.hpp"

namespace leakgate {

SourcePlace sourcePlaceOf(const RankedReason& reason) {
  if (!reason.worst.file.empty()) return {foreignLine(reason.worst.file), std::max(1U, reason.worst.line)};
  const bool hasScenario =
      reason.result != nullptr && reason.result->report && !reason.result->report->scenario.file.empty();
  return {foreignLine(hasScenario ? reason.result->report->scenario.file : reason.worst.scenario)};
}

std::string uriOf(std::string_view path) {
  return (path.starts_with('/') ? "file://" : "") + encodedForUri(path, "/");
}

}  // namespace leakgate
