#include "report/trigger_report.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "report/status_counts.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

// Per request, so that experiments of different lengths are comparable.
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
  row.responses = statusCounts(experiment.statuses);
  for (const auto& course : experiment.growth) row.growth.push_back({course.blockRise(), course.byteRise()});
  return row;
}

const TriggerResult* resultOf(const TriggerReport& trigger, std::size_t finding) {
  const auto found = std::find_if(trigger.conclusions.begin(), trigger.conclusions.end(),
                                  [&](const TriggerResult& result) { return result.finding == finding; });
  return found == trigger.conclusions.end() ? nullptr : &*found;
}

namespace {

constexpr std::string_view kIndent = "  ";

bool fits(const std::string& text) {
  std::size_t start = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    if (end - start > kColumns) return false;
    start = end + 1;
  }
  return true;
}

std::string growthTitle(std::size_t asked, std::size_t k) {
  return asked == 1 ? "growth/request" : fmt::format("finding {}", k + 1);
}

// A line per experiment: how it was run, when `withRuns`, and its growth per request by the findings
// [first, end), side by side.
std::string tableOf(const TriggerReport& trigger, bool withRuns, std::size_t first, std::size_t end,
                    std::size_t asked) {
  std::vector<Table::Column> columns{{"  experiment"}};
  if (withRuns) {
    columns.push_back({"requests", Align::right});
    columns.push_back({"connections", Align::right});
    columns.push_back({"responses"});
  }
  for (std::size_t k = first; k < end; ++k) columns.push_back({growthTitle(asked, k), Align::right});
  Table table(std::move(columns));
  for (const auto& row : trigger.experiments) {
    const bool failed = !row.problem.empty();
    std::vector<std::string> cells{std::string(kIndent) + row.name};
    if (withRuns && failed) cells.insert(cells.end(), {"-", "-", row.problem});
    if (withRuns && !failed) {
      cells.insert(cells.end(),
                   {std::to_string(row.requests), std::to_string(row.connections), row.responses});
    }
    for (std::size_t k = first; k < std::min(end, row.growth.size()); ++k) {
      cells.push_back(amountText(row, row.growth[k]));
    }
    if (withRuns || !failed) table.add(std::move(cells));
  }
  return table.text();
}

std::size_t askedCount(const TriggerReport& trigger) {
  std::size_t count = 0;
  for (const auto& row : trigger.experiments) count = std::max(count, row.growth.size());
  return std::min(count, trigger.conclusions.size());
}

}  // namespace

std::string triggerTable(const TriggerReport& trigger) {
  if (trigger.experiments.empty()) return "";
  const std::size_t asked = askedCount(trigger);
  const std::string whole = tableOf(trigger, true, 0, asked, asked);
  if (fits(whole)) return whole;
  std::string text = tableOf(trigger, true, 0, 0, asked);
  for (std::size_t first = 0; first < asked;) {
    std::size_t end = asked;
    while (end > first + 1 && !fits(tableOf(trigger, false, first, end, asked))) --end;
    text += tableOf(trigger, false, first, end, asked);
    first = end;
  }
  return text;
}

}  // namespace leakgate
