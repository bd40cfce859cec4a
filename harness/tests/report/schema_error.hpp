// Holds documents against the published schemas.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace leakgate {

/// "" when the document is valid, else the first error. `schemaName`: a file of reports/schema.
std::string errorIn(const nlohmann::json& document, const std::string& schemaName);

}  // namespace leakgate
