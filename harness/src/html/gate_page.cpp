#include "html/gate_page.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/metrics.hpp"
#include "html/finding_article.hpp"
#include "html/html_table.hpp"
#include "html/metric_table.hpp"
#include "html/reason_list.hpp"
#include "html/run_charts.hpp"
#include "report/finding_text.hpp"
#include "report/gate_data.hpp"
#include "report/run_text.hpp"
#include "revisions/repository.hpp"

namespace leakgate {

namespace {

std::string scenarioId(std::size_t number) { return fmt::format("scenario-{}", number + 1); }

bool passed(const GateResult& result) { return result.outcome == Outcome::pass; }

// The first report's: a gate measures one checkout.
std::string commitOf(const std::vector<GateResult>& results) {
  for (const GateResult& result : results)
    if (result.report && !result.report->environment.commit.empty())
      return ", commit " + shortHash(result.report->environment.commit);
  return "";
}

PageHead headOf(const GatePageInput& gate) {
  const Outcome outcome = worstOf(gate.results);
  const auto count = std::count_if(gate.results.begin(), gate.results.end(), passed);
  PageHead head;
  head.label = outcomeLabel(outcome, false);
  head.tone = toneOf(outcome);
  head.heading = fmt::format("{} of {} scenarios passed", count, gate.results.size());
  head.title = head.label + "  " + head.heading;
  head.summary = fmt::format("{:.0f} s{}", gate.seconds, commitOf(gate.results));
  return head;
}

// The number of a scenario that has a part of its own, by name.
std::string linkTo(const GatePageInput& gate, const std::string& scenario) {
  for (std::size_t i = 0; i < gate.results.size(); ++i)
    if (gate.results[i].name == scenario && !passed(gate.results[i])) return "#" + scenarioId(i);
  return "";
}

void addReason(Markup& markup, const GatePageInput& gate, const RedReason& reason) {
  const auto item = markup.open("li");
  markup.element("span", reason.what);
  markup.empty("br");
  if (const std::string link = linkTo(gate, reason.scenario); link.empty()) {
    markup.text(reason.scenario);
  } else {
    markup.element("a", reason.scenario, {{"href", link}});
  }
  if (!reason.place.empty()) markup.element("span", " " + reason.place, {{"class", "muted"}});
  markup.empty("br");
  markup.element("code", reason.reproduce);
}

void addRedReasons(Markup& markup, const GatePageInput& gate) {
  if (gate.reasons.empty()) return;
  const auto section = markup.open("section", {{"aria-label", "reasons"}});
  const auto list = markup.open("ol", {{"class", "reasons"}});
  for (const RedReason& reason : gate.reasons) addReason(markup, gate, reason);
}

HtmlCell figure(const GateResult& result, std::string_view name) {
  const Metric* metric = result.report ? findMetric(result.report->metrics, name) : nullptr;
  return {metric == nullptr ? "-" : asValue(metric->value, metric->unit == "blocks" ? "" : metric->unit)};
}

void addScenarioTable(Markup& markup, const GatePageInput& gate) {
  HtmlTable table{"",
                  {{"scenario"},
                   {"verdict"},
                   {"requests", Align::right},
                   {"live growth", Align::right},
                   {"allocations/request", Align::right},
                   {"p99", Align::right},
                   {"CPU/request", Align::right},
                   {"time", Align::right}},
                  {}};
  for (const GateResult& result : gate.results)
    table.rows.push_back({{result.name, "", linkTo(gate, result.name)},
                          {std::string(toString(result.outcome)), toneOf(result.outcome)},
                          figure(result, "requests"),
                          figure(result, "live_bytes_growth"),
                          figure(result, "allocations_per_request"),
                          figure(result, "latency.p99_ns"),
                          figure(result, "cpu_ns_per_request"),
                          {fmt::format("{:.1f} s", result.seconds)}});
  addTable(markup, table);
}

void addReport(Markup& markup, const Report& report, const PageContext& context) {
  addReasons(markup, report, context);
  for (std::size_t i = 0; i < report.findings.size(); ++i) addFinding(markup, report, i, context);
  addCourse(markup, report);
  {
    const auto details = markup.open("details");
    markup.element("summary", "Metrics");
    addMetrics(markup, report, context.baselineMetrics);
  }
  const auto command = markup.open("pre", {{"tabindex", "0"}, {"aria-label", "command"}});
  markup.element("code", report.reproduce);
}

// A scenario that did not pass; with its report as long as there is room.
std::string scenarioText(const GateResult& result, std::size_t number, const PageContext& context,
                         bool whole) {
  Markup markup;
  {
    const auto section = markup.open("section", {{"id", scenarioId(number)}});
    {
      const auto heading = markup.open("h2");
      markup.element("span", outcomeLabel(result.outcome, false),
                     {{"class", "verdict " + toneOf(result.outcome)}});
      markup.text(" " + result.name);
    }
    if (!result.error.empty()) markup.element("p", result.error);
    for (const auto& note : result.notes) markup.element("p", "Note: " + note);
    if (result.reportWritten)
      markup.element("p", "Report: " + result.reportFile.string(), {{"class", "muted"}});
    if (result.report && whole) addReport(markup, *result.report, context);
    if (result.report && !whole)
      for (const Reason& failure : result.report->verdict.failures) markup.element("p", failure.text);
  }
  return markup.take();
}

std::string scenarioTexts(const GatePageInput& gate, const PageContext& context, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < gate.results.size(); ++i) {
    if (passed(gate.results[i])) continue;
    PageContext own = context;
    own.idPrefix = scenarioId(i) + "-";
    own.baselineMetrics = gate.results[i].baselineMetrics;
    std::string one = scenarioText(gate.results[i], i, own, true);
    if (bytes + text.size() + one.size() > kMaxGateTextBytes)
      one = scenarioText(gate.results[i], i, own, false);
    text += one;
  }
  return text;
}

std::vector<const Report*> reportsOf(const GatePageInput& gate) {
  std::vector<const Report*> reports;
  for (const bool wanted : {false, true})
    for (const GateResult& result : gate.results)
      if (result.report && passed(result) == wanted) reports.push_back(&*result.report);
  return reports;
}

void addDataPart(Markup& markup, const GateData& data) {
  const std::size_t all = data.reports.size() + data.leftOut.size();
  markup.element(
      "p", fmt::format("{} of {} reports are in this page, without profiles. leakgate diff compares two such "
                       "pages; leakgate repro and the other commands read one report as FILE#SCENARIO.",
                       data.reports.size(), all));
  if (data.leftOut.empty()) return;
  markup.element("p", "Left out, for lack of room, are those of:");
  const auto list = markup.open("ul");
  for (const std::string& scenario : data.leftOut) markup.element("li", scenario);
}

}  // namespace

std::string gatePage(const GatePageInput& gate, const PageContext& context) {
  PageParts parts;
  addRedReasons(parts.markup(), gate);
  parts.add("scenarios", "Scenarios", [&](Markup& markup) { addScenarioTable(markup, gate); });
  const std::string begin = parts.take();
  parts.markup().trusted(begin);
  const std::string scenarios = scenarioTexts(gate, context, begin.size());
  parts.markup().trusted(scenarios);
  GateData data;
  const std::size_t used = std::min(kMaxGatePageBytes, begin.size() + scenarios.size());
  const std::string blocks = gateDataBlocks(reportsOf(gate), kMaxGatePageBytes - used, data);
  parts.add("data", "Data", [&](Markup& markup) { addDataPart(markup, data); });
  return pageText(headOf(gate), parts, blocks);
}

}  // namespace leakgate
