// Writes a comparison as text, as Markdown for a pull request, and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "gate/compare.hpp"

namespace leakgate {

/// Verdict first, then new and gone findings, then a table of the metrics that changed.
std::string diffText(const Comparison& comparison, const std::string& scenario);
std::string diffMarkdown(const Comparison& comparison, const std::string& scenario);

/// {"scenario", "regressed", "same_environment", "metrics", "missing", "new_findings", "gone_findings"}.
nlohmann::ordered_json diffJson(const Comparison& comparison, const std::string& scenario);

}  // namespace leakgate
