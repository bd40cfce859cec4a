// The list of kept reports as JSON: reports/schema/history-1.schema.json.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "serve/report_folder.hpp"

namespace leakgate {

nlohmann::ordered_json reportsJson(const std::vector<KeptReport>& reports);

}  // namespace leakgate
