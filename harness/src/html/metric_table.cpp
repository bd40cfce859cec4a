#include "html/metric_table.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/metrics.hpp"
#include "gate/budget_text.hpp"
#include "html/html_table.hpp"
#include "report/finding_text.hpp"

namespace leakgate {

namespace {

bool names(const std::vector<Reason>& reasons, const std::string& metric) {
  return std::any_of(reasons.begin(), reasons.end(),
                     [&](const Reason& reason) { return reason.subject == metric; });
}

// What was decided about a metric, in words: colour alone is not seen by everyone.
HtmlCell statusOf(const Report& report, const Metric& metric) {
  if (names(report.verdict.failures, metric.name)) return {"fails", "fail"};
  if (names(report.verdict.suspects, metric.name)) return {"suspect", "warn"};
  if (report.scenario.budgets.contains(metric.name)) return {"within budget", "pass"};
  return {"", ""};
}

std::string baselineText(const std::vector<Metric>& baseline, const Metric& metric) {
  const Metric* before = findMetric(baseline, metric.name);
  return before == nullptr ? "" : asValue(*before);
}

std::string budgetOf(const Report& report, const Metric& metric) {
  const auto budget = report.scenario.budgets.find(metric.name);
  return budget == report.scenario.budgets.end() ? "" : budgetText(budget->second, metric.unit);
}

std::vector<HtmlCell> rowOf(const Report& report, const std::vector<Metric>& baseline, const Metric& metric) {
  return {{metric.name},
          {asValue(metric)},
          {baselineText(baseline, metric), "muted"},
          {budgetOf(report, metric), "muted"},
          {std::string(toString(metric.kind)), "muted"},
          statusOf(report, metric)};
}

HtmlTable emptyMetricTable(std::string caption) {
  return {std::move(caption),
          {{"metric"},
           {"value", Align::right},
           {"baseline", Align::right},
           {"budget", Align::right},
           {"kind"},
           {"verdict"}},
          {}};
}

bool isJudged(const Report& report, const Metric& metric, const std::vector<std::string>& builtIn) {
  return report.scenario.budgets.contains(metric.name) || names(report.verdict.failures, metric.name) ||
         names(report.verdict.suspects, metric.name) ||
         std::find(builtIn.begin(), builtIn.end(), metric.name) != builtIn.end();
}

}  // namespace

void addMetrics(Markup& markup, const Report& report, const std::vector<Metric>& baseline) {
  const std::vector<std::string> builtIn = builtInMetricNames();
  HtmlTable judged =
      emptyMetricTable(baseline.empty() ? "Metrics of this run; it was not compared with a baseline"
                                        : "Metrics of this run and of its baseline");
  HtmlTable others = emptyMetricTable("Other metrics");
  for (const Metric& metric : report.metrics) {
    HtmlTable& table = isJudged(report, metric, builtIn) ? judged : others;
    table.rows.push_back(rowOf(report, baseline, metric));
  }
  addTable(markup, judged);
  if (others.rows.empty()) return;
  const auto details = markup.open("details");
  markup.element("summary", fmt::format("{} more: the target's own and those of scopes", others.rows.size()));
  addTable(markup, others);
}

}  // namespace leakgate
