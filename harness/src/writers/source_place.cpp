#include "writers/source_place.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "writers/foreign_text.hpp"

namespace leakgate {

SourcePlace sourcePlaceOf(const RankedReason& reason) {
  if (!reason.worst.file.empty()) return {foreignLine(reason.worst.file), std::max(1U, reason.worst.line)};
  const bool hasScenario =
      reason.result != nullptr && reason.result->report && !reason.result->report->scenario.file.empty();
  return {foreignLine(hasScenario ? reason.result->report->scenario.file : reason.worst.scenario)};
}

std::string uriOf(std::string_view path) {
  constexpr std::string_view kUnreserved = "-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte < 0x80 && (std::isalnum(byte) != 0 || kUnreserved.find(c) != std::string_view::npos);
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

}  // namespace leakgate
