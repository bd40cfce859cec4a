// Imports a web server's access log (Apache common or combined format) as a scenario.
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace leakgate {

struct ImportOptions {
  std::string name = "access_log";
  std::string logName;  ///< file name for the description
  std::vector<std::string> command = {"{bin}/h3-demo", "--port", "{port}"};
  std::string ready = "/health";
  std::string metrics;
  std::uint64_t seed = 1;
};

/// A line that could not be used, kept as an example.
struct SkippedLine {
  std::uint64_t line = 0;  ///< from 1
  std::string reason;
};
inline constexpr std::size_t kMaxSkippedExamples = 5;

/// used + the sum of skipped = lines.
struct ImportSummary {
  std::uint64_t lines = 0;
  std::uint64_t used = 0;
  std::uint64_t damagedTails = 0;  ///< used, although referer or user agent was cut off or malformed
  std::uint64_t asRawBytes = 0;    ///< used as a `raw` step, because the target cannot be written as a path
  std::map<std::string, std::uint64_t> skipped;  ///< by reason
  std::vector<SkippedLine> examples;             ///< the first few, in line order
  bool weightsScaled = false;                    ///< a count was over 10,000, so all were scaled down
};

struct ImportedLog {
  Scenario scenario;
  ImportSummary summary;
};

/// Makes one step per distinct (method, target, version), weighted by how often it occurs; the replay is a
/// seeded mix of them, not in the log's order. Each step accepts any status below 500, because another server
/// has other files. User-Agent and Referer are dropped. Memory: grows with distinct requests, not with lines.
/// Errors: InputError when no line can be used.
ImportedLog importAccessLog(std::istream& log, const ImportOptions& options = {});

}  // namespace leakgate
