// Writes what changed between two reports as text, as Markdown for a pull request, and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "gate/report_diff.hpp"

namespace leakgate {

/// Verdict first; then what got worse, then what got better; then what is shown and not judged.
std::string diffText(const ReportDiff& diff, const std::string& scenario);
std::string diffMarkdown(const ReportDiff& diff, const std::string& scenario);

/// {"scenario", "regressed", "same_environment", "environment", "metrics", "missing", "findings", "places",
/// "other_places", "stacks", "new_findings", "gone_findings"}.
nlohmann::ordered_json diffJson(const ReportDiff& diff, const std::string& scenario);

}  // namespace leakgate
