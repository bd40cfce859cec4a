#include "replay/app_metrics.hpp"

#include <nlohmann/json.hpp>

#include "replay/http_probe.hpp"
#include "replay/measure_error.hpp"

namespace leakgate {
namespace {

constexpr unsigned kMaxDepth = 16;
constexpr std::size_t kMaxNumbers = 100'000;

void flatten(const nlohmann::json& value, const std::string& name, unsigned depth,
             std::map<std::string, double>& numbers) {
  if (value.is_number() && numbers.size() < kMaxNumbers) numbers[name] = value.get<double>();
  if (!value.is_structured() || depth == kMaxDepth) return;
  for (const auto& [key, child] : value.items())
    flatten(child, name.empty() ? key : name + "." + key, depth + 1, numbers);
}

}  // namespace

std::map<std::string, double> flattenNumbers(std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_structured()) throw MeasureError("its metrics are not a JSON object");
  std::map<std::string, double> numbers;
  flatten(document, "", 0, numbers);
  return numbers;
}

std::map<std::string, double> readAppMetrics(std::uint16_t port, const std::string& path,
                                             std::chrono::milliseconds timeout) {
  const ProbeResponse response = httpGet(port, path, timeout);
  const std::string where = "target.metrics: GET " + path + ": ";
  if (response.status == 0) throw MeasureError(where + response.problem);
  if (response.status != 200)
    throw MeasureError(where + "status " + std::to_string(response.status) + ", expected 200");
  try {
    return flattenNumbers(response.body);
  } catch (const MeasureError&) {
    throw MeasureError(where + "found " + response.contentType +
                       ", expected a JSON object; give the path of the JSON form");
  }
}

}  // namespace leakgate
