#include "scenario/load.hpp"

#include <fstream>
#include <iterator>

#include "scenario/check.hpp"
#include "scenario/json_fields.hpp"
#include "scenario/latin1.hpp"
#include "scenario/step_fields.hpp"

namespace leakgate {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view kSchema = "leakgate.scenario/1";

TargetSpec readTarget(const Json& json, const std::string& file) {
  JsonFields fields(json, "target", file);
  TargetSpec target;
  const Json& command = fields.require("command", "a list of strings, the program first");
  if (!command.is_array()) fields.fail("command", shown(command), "a list of strings, the program first");
  for (std::size_t k = 0; k < command.size(); ++k) {
    target.command.push_back(checkedText(command[k], file, "target.command[" + std::to_string(k) + "]"));
  }
  target.ready = fields.text("ready", "");
  target.metrics = fields.text("metrics", "");
  if (fields.find("ready_ms") != nullptr)
    target.readyMs = static_cast<std::uint32_t>(fields.integer("ready_ms", 0, 1, kMaxReadyMs));
  if (const Json* env = fields.find("env")) {
    if (!env->is_object()) fields.fail("env", shown(*env), "an object of strings");
    for (const auto& [name, value] : env->items())
      target.env[name] = checkedText(value, file, "target.env." + name);
  }
  fields.finish();
  return target;
}

StepOrder readOrder(JsonFields& fields) {
  const std::string order = fields.text("order", "weighted");
  if (order == "weighted") return StepOrder::weighted;
  if (order == "sequence") return StepOrder::sequence;
  fields.fail("order", shown(order), R"("weighted" or "sequence")");
}

LoadSpec readLoad(const Json& json, const std::string& file) {
  JsonFields fields(json, "load", file);
  LoadSpec load;
  load.connections =
      static_cast<unsigned>(fields.integer("connections", load.connections, 1, kMaxConnections));
  load.keepAlive = fields.boolean("keep_alive", load.keepAlive);
  load.pipeline = static_cast<unsigned>(fields.integer("pipeline", load.pipeline, 1, kMaxPipeline));
  load.requestsPerConnection = static_cast<unsigned>(
      fields.integer("requests_per_connection", load.requestsPerConnection, 0, kMaxRequestsPerConnection));
  load.warmup = fields.integer("warmup", load.warmup, 0, kMaxRequests);
  load.requests = fields.integer("requests", load.requests, kBlockUnits, kMaxRequests);
  load.seed = fields.integer("seed", load.seed, 0, UINT64_MAX);
  load.order = readOrder(fields);
  if (fields.find("cool_down_ms") != nullptr)
    load.coolDownMs = static_cast<std::uint32_t>(fields.integer("cool_down_ms", 0, 0, kMaxCoolDownMs));
  if (fields.find("follow_requests") != nullptr)
    load.followRequests = fields.integer("follow_requests", 0, 0, kMaxRequests);
  fields.finish();
  return load;
}

double checkedNumber(const Json& value, const std::string& file, const std::string& path) {
  if (!value.is_number()) throw InputError(file, path, shown(value), "a number");
  return value.get<double>();
}

Budget readBudget(const Json& json, const std::string& file, const std::string& path) {
  if (json.is_number()) return Budget{json.get<double>(), json.get<double>()};
  if (!json.is_object()) throw InputError(file, path, shown(json), R"(a number, or {"min": A, "max": B})");
  JsonFields fields(json, path, file);
  Budget budget;
  if (const Json* min = fields.find("min")) budget.min = checkedNumber(*min, file, path + ".min");
  if (const Json* max = fields.find("max")) budget.max = checkedNumber(*max, file, path + ".max");
  fields.finish();
  return budget;
}

std::map<std::string, Budget> readBudgets(const Json& json, const std::string& file) {
  if (!json.is_object()) throw InputError(file, "budgets", shown(json), "an object of metric names");
  std::map<std::string, Budget> budgets;
  for (const auto& [metric, value] : json.items())
    budgets[metric] = readBudget(value, file, "budgets." + metric);
  return budgets;
}

std::vector<Step> readSteps(const Json& json, const std::string& file) {
  if (!json.is_array()) throw InputError(file, "steps", shown(json), "a list of steps");
  if (json.size() > kMaxSteps) {
    throw InputError(file, "steps", std::to_string(json.size()) + " steps",
                     "at most " + std::to_string(kMaxSteps));
  }
  std::vector<Step> steps;
  steps.reserve(json.size());
  for (std::size_t k = 0; k < json.size(); ++k) {
    steps.push_back(readStep(json[k], "steps[" + std::to_string(k) + "]", file));
  }
  return steps;
}

void checkSchema(JsonFields& fields) {
  const std::string schema = fields.requireText("schema");
  if (schema == kSchema) return;
  const bool newer = schema.starts_with("leakgate.scenario/");
  fields.fail("schema", shown(schema), shown(std::string(kSchema)),
              newer ? "this leakgate reads version 1 only" : "a scenario file begins with this field");
}

}  // namespace

Scenario parseScenario(std::string_view json, std::string fileName) {
  const Json document = parseJsonFile(json, fileName);
  JsonFields fields(document, "", fileName);
  checkSchema(fields);
  Scenario scenario;
  scenario.name = fields.requireText("name");
  scenario.description = fields.text("description", "");
  scenario.target = readTarget(fields.require("target", "an object with the command to start"), fileName);
  if (const Json* load = fields.find("load")) scenario.load = readLoad(*load, fileName);
  scenario.steps = readSteps(fields.require("steps", "a list of steps"), fileName);
  if (const Json* budgets = fields.find("budgets")) scenario.budgets = readBudgets(*budgets, fileName);
  fields.finish();
  scenario.file = std::move(fileName);
  checkScenario(scenario);
  return scenario;
}

Scenario loadScenario(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(file, ignored)) {
    throw InputError(file.string() + ": cannot be read; give the path of a scenario file");
  }
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.size() > kMaxScenarioFileBytes) {
    throw InputError(file.string(), "", std::to_string(text.size()) + " bytes",
                     "at most " + std::to_string(kMaxScenarioFileBytes));
  }
  return parseScenario(text, file.string());
}

}  // namespace leakgate
