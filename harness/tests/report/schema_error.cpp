#include "report/schema_error.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace leakgate {

std::string errorIn(const nlohmann::json& document, const std::string& schemaName) {
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
