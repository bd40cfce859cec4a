#include "html/run_page.hpp"

#include <fmt/core.h>

#include "analysis/metrics.hpp"
#include "html/environment_list.hpp"
#include "html/finding_article.hpp"
#include "html/flame_graph.hpp"
#include "html/metric_table.hpp"
#include "html/profile_part.hpp"
#include "html/reason_list.hpp"
#include "html/report_trees.hpp"
#include "html/request_cost_tables.hpp"
#include "html/run_charts.hpp"
#include "html/site_table.hpp"
#include "report/finding_text.hpp"
#include "report/page_data.hpp"
#include "report/report_json.hpp"
#include "report/run_text.hpp"

namespace leakgate {

namespace {

std::string counted(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

PageHead headOf(const Report& report, const PageContext& context) {
  PageHead head;
  head.site = context.site;
  head.label = outcomeLabel(report.verdict.outcome, false);
  head.heading = report.scenario.name;
  head.title = head.label + "  " + head.heading;
  head.tone = toneOf(report.verdict.outcome);
  if (!report.verdict.failures.empty())
    head.summary = counted(report.verdict.failures.size(), "reason") + ", ";
  head.summary += withThousands(static_cast<std::int64_t>(report.look.requests)) + " measured requests";
  if (const std::string commit = commitText(report.environment); !commit.empty())
    head.summary += ", commit " + commit;
  if (!report.startedAt.empty()) head.summary += ", " + report.startedAt;
  return head;
}

void addFigure(Markup& markup, const Report& report, std::string_view name, std::string_view label) {
  const Metric* metric = findMetric(report.metrics, name);
  if (metric == nullptr) return;
  const auto figure = markup.open("div");
  markup.element("dt", label);
  markup.element("dd", asValue(*metric));
}

void addFigures(Markup& markup, const Report& report) {
  const auto list = markup.open("dl", {{"class", "stats"}});
  addFigure(markup, report, "live_bytes_growth", "live heap growth");
  addFigure(markup, report, "allocations_per_request", "allocations per request");
  addFigure(markup, report, "latency.p50_ns", "latency p50");
  addFigure(markup, report, "latency.p99_ns", "latency p99");
  addFigure(markup, report, "cpu_ns_per_request", "CPU per request");
  addFigure(markup, report, "rss_growth_bytes", "resident growth");
  addFigure(markup, report, "minor_faults_per_request", "page faults per request");
  addFigure(markup, report, "voluntary_switches_per_request", "waits per request");
}

void addEarlyEnd(Markup& markup, const Report& report) {
  if (report.end == RunEnd::whole) return;
  markup.element("p", "Partial: the run ended early, " + std::string(toString(report.end)) + ".");
  markup.element("pre", report.endReason, {{"tabindex", "0"}, {"aria-label", "end of the run"}});
}

void addVerdictPart(Markup& markup, const Report& report, const PageContext& context) {
  const auto section = markup.open("section", {{"aria-label", "verdict"}});
  addEarlyEnd(markup, report);
  addReasons(markup, report, context);
  addFigures(markup, report);
  markup.element("p", "Repeat this run:", {{"class", "muted"}});
  const auto command = markup.open("pre", {{"tabindex", "0"}, {"aria-label", "command"}});
  markup.element("code", report.reproduce);
}

void addObservations(Markup& markup, const Report& report) {
  const auto list = markup.open("ul");
  for (const auto& observation : report.observations) markup.element("li", observationLine(observation));
  for (const auto& finding : report.suppressed) markup.element("li", "Suppressed: " + findingLine(finding));
  for (const auto& response : report.unexpected)
    markup.element("li", fmt::format("Unexpected response to request {} of step {}: {}", response.request,
                                     response.step, response.what));
}

// Without a profile only what grows has stacks.
void addAllocations(Markup& markup, const Report& report) {
  if (report.profile) {
    addProfile(markup, *report.profile);
  } else {
    addFlameGraph(markup, growthTree(report), {"Growth of the heap by call stack", "B"});
  }
  addSites(markup, report);
}

bool hasObservations(const Report& report) {
  return !report.observations.empty() || !report.suppressed.empty() || !report.unexpected.empty();
}

}  // namespace

std::string runPage(const Report& report, const PageContext& context) {
  PageParts parts;
  addVerdictPart(parts.markup(), report, context);
  if (!report.findings.empty()) {
    parts.add("findings", "Findings", [&](Markup& markup) {
      for (std::size_t i = 0; i < report.findings.size(); ++i) addFinding(markup, report, i, context);
    });
  }
  if (hasObservations(report))
    parts.add("observed", "Observed", [&](Markup& markup) { addObservations(markup, report); });
  parts.add("course", "Course of the run", [&](Markup& markup) { addCourse(markup, report); });
  if (report.windows.size() > 1 || !report.steps.empty())
    parts.add("latency", "Latency", [&](Markup& markup) { addLatency(markup, report); });
  if (report.profile || !report.sites.empty())
    parts.add("allocations", "Allocations", [&](Markup& markup) { addAllocations(markup, report); });
  if (report.instructions)
    parts.add("instructions", "Instructions",
              [&](Markup& markup) { addInstructions(markup, *report.instructions); });
  if (report.systemCalls)
    parts.add("calls", "System calls", [&](Markup& markup) { addSystemCalls(markup, *report.systemCalls); });
  parts.add("metrics", "Metrics",
            [&](Markup& markup) { addMetrics(markup, report, context.baselineMetrics); });
  parts.add("environment", "Environment", [&](Markup& markup) { addEnvironment(markup, report); });
  parts.add("audit", "Self-audit", [&](Markup& markup) { addSelfAudit(markup, report); });
  return pageText(headOf(report, context), parts, dataBlock(kReportDataId, toText(toJson(report))));
}

}  // namespace leakgate
