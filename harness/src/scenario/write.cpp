#include "scenario/write.hpp"

#include "scenario/step_fields.hpp"

namespace leakgate {
namespace {

using Json = nlohmann::ordered_json;

Json targetToJson(const TargetSpec& target) {
  Json json{{"command", target.command}};
  if (!target.ready.empty()) json["ready"] = target.ready;
  if (target.readyMs != 0) json["ready_ms"] = target.readyMs;
  if (!target.env.empty()) json["env"] = target.env;
  if (!target.metrics.empty()) json["metrics"] = target.metrics;
  return json;
}

Json loadToJson(const LoadSpec& load) {
  Json json{{"connections", load.connections},
            {"keep_alive", load.keepAlive},
            {"pipeline", load.pipeline},
            {"warmup", load.warmup},
            {"requests", load.requests},
            {"seed", load.seed},
            {"order", load.order == StepOrder::weighted ? "weighted" : "sequence"}};
  if (load.coolDownMs) json["cool_down_ms"] = *load.coolDownMs;
  if (load.followRequests) json["follow_requests"] = *load.followRequests;
  if (load.requestsPerConnection != 0) json["requests_per_connection"] = load.requestsPerConnection;
  return json;
}

Json budgetToJson(const Budget& budget) {
  if (budget.min && budget.min == budget.max) return *budget.min;
  Json json = Json::object();
  if (budget.min) json["min"] = *budget.min;
  if (budget.max) json["max"] = *budget.max;
  return json;
}

Json stepsToJson(const std::vector<Step>& steps) {
  Json json = Json::array();
  for (const Step& step : steps) json.push_back(stepToJson(step));
  return json;
}

std::uint64_t fnv1a64(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace

Json toJson(const Scenario& scenario) {
  Json json{{"schema", "leakgate.scenario/1"}, {"name", scenario.name}};
  if (!scenario.description.empty()) json["description"] = scenario.description;
  json["target"] = targetToJson(scenario.target);
  json["load"] = loadToJson(scenario.load);
  json["steps"] = stepsToJson(scenario.steps);
  for (const auto& [metric, budget] : scenario.budgets) json["budgets"][metric] = budgetToJson(budget);
  return json;
}

void writeScenario(std::ostream& out, const Scenario& scenario) {
  const Json json = toJson(scenario);
  const char* separator = "{\n";
  for (const auto& [name, value] : json.items()) {
    out << separator << "  " << Json(name).dump() << ": ";
    separator = ",\n";
    if (name != "steps") {
      out << value.dump();
      continue;
    }
    const char* stepSeparator = "[\n";
    for (const Json& step : value) {
      out << stepSeparator << "    " << step.dump();
      stepSeparator = ",\n";
    }
    out << "\n  ]";
  }
  out << "\n}\n";
}

std::string scenarioHash(const Scenario& scenario) {
  const Json replayed{{"target", targetToJson(scenario.target)},
                      {"load", loadToJson(scenario.load)},
                      {"steps", stepsToJson(scenario.steps)}};
  constexpr char kHex[] = "0123456789abcdef";
  std::uint64_t hash = fnv1a64(replayed.dump());
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4) *digit = kHex[hash & 0xF];
  return text;
}

}  // namespace leakgate
