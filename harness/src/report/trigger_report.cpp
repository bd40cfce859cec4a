#include "report/trigger_report.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "report/table.hpp"

namespace leakgate {

namespace {

std::string answersOf(const std::map<int, std::uint64_t>& statuses) {
  std::string text;
  for (const auto& [status, count] : statuses) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", status, count);
  }
  return text;
}

// Per request, so that experiments of different length compare.
std::string amountText(const TriggerRow& row, const TriggerAmount& amount) {
  if ((amount.blocks == 0 && amount.bytes == 0) || row.requests == 0) return "0";
  const auto requests = static_cast<double>(row.requests);
  return fmt::format("{:+.4g}, {:+.4g} B", static_cast<double>(amount.blocks) / requests,
                     static_cast<double>(amount.bytes) / requests);
}

}  // namespace

TriggerRow rowOf(const TriggerExperiment& experiment, const Scenario& scenario) {
  TriggerRow row;
  row.name = experiment.name;
  if (experiment.step != kAllSteps) row.step = scenario.steps[experiment.step].name;
  row.variation = experiment.variation;
  row.problem = experiment.problem;
  row.requests = experiment.requests;
  row.connections = experiment.connections;
  row.threads = experiment.threads;
  row.answers = answersOf(experiment.statuses);
  for (const auto& course : experiment.growth) row.growth.push_back({course.blockRise(), course.byteRise()});
  return row;
}

const TriggerResult* resultOf(const TriggerReport& trigger, std::size_t finding) {
  const auto found = std::find_if(trigger.conclusions.begin(), trigger.conclusions.end(),
                                  [&](const TriggerResult& result) { return result.finding == finding; });
  return found == trigger.conclusions.end() ? nullptr : &*found;
}

std::string triggerTable(const TriggerReport& trigger) {
  if (trigger.experiments.empty()) return "";
  std::vector<Table::Column> columns{
      {"  experiment"}, {"requests", Align::right}, {"connections", Align::right}, {"answers"}};
  const std::size_t shown = std::min(kMaxTriggerColumns, trigger.conclusions.size());
  for (std::size_t k = 0; k < shown; ++k) {
    columns.push_back({shown == 1 ? "growth/request" : fmt::format("finding {}", k + 1), Align::right});
  }
  Table table(std::move(columns));
  for (const auto& row : trigger.experiments) {
    if (!row.problem.empty()) {
      table.add({"  " + row.name, "-", "-", row.problem});
      continue;
    }
    std::vector<std::string> cells{"  " + row.name, std::to_string(row.requests),
                                   std::to_string(row.connections), row.answers};
    for (std::size_t k = 0; k < std::min(shown, row.growth.size()); ++k) {
      cells.push_back(amountText(row, row.growth[k]));
    }
    table.add(std::move(cells));
  }
  return table.text();
}

}  // namespace leakgate
