// Reports as JSON files: leakgate.report/1, described by reports/schema/report-1.schema.json.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "report/report.hpp"

namespace leakgate {

nlohmann::ordered_json toJson(const Report& report);

/// One line per top-level field, and one per element of a list: small, and line-based tools can read it.
std::string toText(const nlohmann::ordered_json& document);

/// Reads and checks a report: a JSON file, a page that carries one, or "gate.html#login", one of a gate's page. Unknown
/// fields are ignored. Errors: InputError that names the file, the field, what was found and expected; also for a newer
/// major version.
Report readReport(const std::filesystem::path& named);
Report parseReport(std::string_view text, const std::string& fileName);

/// Throws InputError unless the document's `schema` is `expected` ("leakgate.report/1"); distinguishes a
/// newer major version from another kind of file.
void checkSchema(const nlohmann::ordered_json& document, std::string_view expected,
                 const std::string& fileName);

}  // namespace leakgate
