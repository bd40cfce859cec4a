// Holds documents against the published schemas.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace leakgate {

/// "" when the document is valid, else the first error. `schemaName`: a file of reports/schema.
inline std::string errorIn(const nlohmann::json& document, const std::string& schemaName) {
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  const auto schemaDocument =
      nlohmann::json::parse(std::ifstream(std::string(SOURCE_ROOT) + "/reports/schema/" + schemaName));
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(Adapter(schemaDocument), schema);
  valijson::ValidationResults results;
  valijson::Validator validator;
  if (validator.validate(schema, Adapter(document), &results)) return "";
  valijson::ValidationResults::Error error;
  results.popError(error);
  std::string path;
  for (const auto& part : error.context) path += part;
  return path + ": " + error.description;
}

}  // namespace leakgate
