// Writes a comparison of two sides for people, and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "session/compare_run.hpp"

namespace leakgate {

/// Names of the two sides: "main (3f2a91c04b7d)", "./old-server {port}".
struct SideNames {
  std::string a;
  std::string b;
};

/// The worst of counts and samples: worse, then cannot tell, then better, then same.
SideVerdict overallVerdict(const CompareResult& result);

/// Verdict first; the counts that changed; a row for each of the main counts, changed or not; then a row per
/// sampled metric, with its interval and the smallest change that would have been seen; then what the control
/// and the A/A comparisons say.
std::string compareText(const CompareResult& result, const ComparePlan& plan, const std::string& scenario,
                        const SideNames& names);

/// leakgate.compare/1, see reports/schema/compare-1.schema.json.
nlohmann::ordered_json compareJson(const CompareResult& result, const ComparePlan& plan,
                                   const std::string& scenario, const SideNames& names);

}  // namespace leakgate
