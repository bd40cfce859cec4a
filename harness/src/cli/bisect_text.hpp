// Writes the result of a bisection for people, and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "revisions/repository.hpp"
#include "session/bisect_run.hpp"

namespace leakgate {

/// What goes with a result, and is not part of it.
struct BisectFacts {
  std::string scenario;                 ///< name
  std::size_t commits = 0;              ///< between the ends, with the bad one
  std::vector<CommitSummary> suspects;  ///< of BisectResult::suspects, at most kMaxSuspects
  std::string goOn;                     ///< command line that continues an interrupted bisection
  std::string start;                    ///< command line that starts the server, at the top of a checkout
  std::string request;    ///< curl line for one request of the finding; "" when curl cannot send it
  std::string reproduce;  ///< command line; "" unless one commit was found
};
inline constexpr std::size_t kMaxSuspects = 20;

/// Verdict first, then the commit, the finding with its call stack, and what else the commit changed.
std::string bisectText(const BisectResult& result, const BisectFacts& facts);

/// leakgate.bisect/1, see reports/schema/bisect-1.schema.json.
nlohmann::ordered_json bisectJson(const BisectResult& result, const BisectFacts& facts);

/// "3f2a91c04b7d bad: 4 blocks".
std::string testedLine(const TestedCommit& tested, const std::string& unit);

/// Whether the change is "worse", "better" or, for a metric without a direction, "other".
std::string changeWord(const BisectResult& result);

}  // namespace leakgate
