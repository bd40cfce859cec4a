#include "html/diff_page.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "gate/diff_words.hpp"
#include "html/environment_list.hpp"
#include "html/finding_article.hpp"
#include "html/flame_graph.hpp"
#include "html/html_table.hpp"
#include "html/report_trees.hpp"
#include "html/run_charts.hpp"
#include "report/finding_text.hpp"
#include "report/page_data.hpp"
#include "report/report_json.hpp"

namespace leakgate {

namespace {

using Fate = FindingChange::Fate;

std::string sideText(const Report& report) {
  const std::string commit = commitText(report.environment);
  return (commit.empty() ? "no commit" : commit) + ", " + report.startedAt;
}

PageHead headOf(const ReportDiff& diff, const Report& before, const Report& after,
                const PageContext& context) {
  PageHead head;
  head.site = context.site;
  head.heading = after.scenario.name;
  head.label = diff.regressed() ? "WORSE" : "NO REGRESSION";
  head.tone = diff.regressed() ? "fail" : "pass";
  head.title = head.label + "  " + head.heading;
  head.summary = fmt::format("before: {}; now: {}", sideText(before), sideText(after));
  return head;
}

bool hasArticle(const FindingChange& change) { return change.after != nullptr && change.fate != Fate::same; }

void addChange(Markup& markup, const FindingChange& change, const Report& after, const PageContext& context) {
  const bool worse = change.fate == Fate::added || change.fate == Fate::grew;
  const auto item = markup.open("li");
  markup.element("strong", changeWord(change), {{"class", worse ? "fail" : "pass"}});
  markup.text(" ");
  if (hasArticle(change)) {
    const auto number = static_cast<std::size_t>(change.after - after.findings.data());
    markup.element("a", findingHeadline(*change.after), {{"href", "#" + findingId(context, number)}});
  } else {
    markup.text(lineOf(change));
  }
  if (const std::string earlier = earlierText(change); !earlier.empty()) markup.text(" (" + earlier + ")");
}

void addChange(Markup& markup, std::string_view word, std::string_view tone, const std::string& text) {
  const auto item = markup.open("li");
  markup.element("strong", word, {{"class", tone}});
  markup.text(" " + text);
}

// Findings and counts that differ, the worst first.
void addChanges(Markup& markup, const ReportDiff& diff, const Report& after, const PageContext& context) {
  const auto section = markup.open("section", {{"aria-label", "verdict"}});
  const auto judged = judgedChanges(diff.comparison);
  const bool found = std::any_of(diff.findings.begin(), diff.findings.end(), isWorthALine);
  if (!found && judged.empty() && diff.comparison.missing.empty()) {
    markup.element("p", "No count and no finding changed.");
    return;
  }
  const auto list = markup.open("ol", {{"class", "reasons"}});
  for (const FindingChange& change : diff.findings)
    if (isWorthALine(change)) addChange(markup, change, after, context);
  for (const auto& name : diff.comparison.missing) addChange(markup, "missing", "warn", "metric " + name);
  for (const MetricChange* change : judged)
    addChange(
        markup, toString(change->change), change->change == Change::worse ? "fail" : "pass",
        fmt::format("{}: {}, was {}", change->after.name, asValue(change->after), asValue(change->before)));
}

void addFindings(Markup& markup, const ReportDiff& diff, const Report& after, const PageContext& context) {
  for (const FindingChange& change : diff.findings) {
    if (!hasArticle(change)) continue;
    addFinding(markup, after, static_cast<std::size_t>(change.after - after.findings.data()), context);
  }
}

void addCourses(Markup& markup, const Report& before, const Report& after) {
  const auto charts = markup.open("div", {{"class", "charts"}});
  const auto add = [&](const std::string& title, const SeriesValue& value) {
    addLineChart(markup, {title,
                          "",
                          "requests",
                          "B",
                          {courseOf("now", after, value), courseOf("before", before, value)},
                          false});
  };
  add("Live heap", [](const SeriesPoint& point) { return static_cast<double>(point.liveBytes); });
  add("Resident memory", [](const SeriesPoint& point) { return static_cast<double>(point.rssBytes); });
}

HtmlTable placeTable(const ReportDiff& diff) {
  HtmlTable table{"Allocations per request by place",
                  {{"place"},
                   {"before", Align::right},
                   {"now", Align::right},
                   {"blocks", Align::right},
                   {"bytes", Align::right}},
                  {}};
  for (const PlaceChange& change : diff.places)
    table.rows.push_back({{placeText(change)},
                          {fmt::format("{:.4g}", change.before.blocks), "muted"},
                          {fmt::format("{:.4g}", change.after.blocks)},
                          {fmt::format("{:+.4g}", change.blocksAdded())},
                          {fmt::format("{:+.4g} B", change.bytesAdded())}});
  if (diff.othersAdded != 0)
    table.rows.push_back({{"places that a report does not name"},
                          {""},
                          {""},
                          {fmt::format("{:+.4g}", diff.othersAdded)},
                          {""}});
  return table;
}

void addAllocations(Markup& markup, const ReportDiff& diff, const Report& before, const Report& after) {
  if (before.profile && after.profile) {
    addFlameGraph(markup, allocationTree(*before.profile, *after.profile),
                  {"Allocations per request, before and now", "", true});
  } else {
    addFlameGraph(markup, growthTree(before, after),
                  {"Growth of the heap by call stack, before and now", "B", true});
  }
  addTable(markup, placeTable(diff));
}

void addMetrics(Markup& markup, const ReportDiff& diff) {
  HtmlTable table{"All metrics with a direction",
                  {{"metric"},
                   {"before", Align::right},
                   {"now", Align::right},
                   {"change", Align::right},
                   {"kind"},
                   {"result"}},
                  {}};
  for (const MetricChange& change : diff.comparison.metrics) {
    const bool judged = kindOf(change) != MetricKind::sampled;
    const std::string tone = change.change == Change::worse    ? "fail"
                             : change.change == Change::better ? "pass"
                                                               : "muted";
    table.rows.push_back({{change.after.name},
                          {asValue(change.before), "muted"},
                          {asValue(change.after)},
                          {difference(change)},
                          {std::string(toString(kindOf(change))), "muted"},
                          {std::string(toString(change.change)), judged ? tone : "muted"}});
  }
  addTable(markup, table);
  if (!shownChanges(diff.comparison).empty())
    markup.element(
        "p",
        "Sampled metrics are not judged: one run of each build proves nothing about times, CPU and RSS.");
}

void addEnvironments(Markup& markup, const ReportDiff& diff, const Report& after) {
  if (!diff.environment.empty()) {
    markup.element("p", "What differs:");
    const auto list = markup.open("ul");
    for (const auto& change : diff.environment) markup.element("li", change);
  }
  addEnvironment(markup, after);
}

// Both reports; of two large ones the older without its profile, which the flame graph shows already.
std::string dataOf(const Report& before, const Report& after) {
  const std::string newer = dataBlock(kReportDataId, toText(toJson(after)));
  std::string older = dataBlock(kBaseDataId, toText(toJson(before)));
  if (before.profile && newer.size() + older.size() > kMaxDiffDataBytes) {
    Report small = before;
    small.profile.reset();
    older = dataBlock(kBaseDataId, toText(toJson(small)));
  }
  return newer + older;
}

}  // namespace

std::string diffPage(const ReportDiff& diff, const Report& before, const Report& after,
                     const PageContext& context) {
  PageParts parts;
  addChanges(parts.markup(), diff, after, context);
  if (std::any_of(diff.findings.begin(), diff.findings.end(), hasArticle))
    parts.add("findings", "Findings", [&](Markup& markup) { addFindings(markup, diff, after, context); });
  parts.add("course", "Course of both runs", [&](Markup& markup) { addCourses(markup, before, after); });
  parts.add("allocations", "Allocations",
            [&](Markup& markup) { addAllocations(markup, diff, before, after); });
  parts.add("metrics", "Metrics", [&](Markup& markup) { addMetrics(markup, diff); });
  parts.add("environment", "Environment", [&](Markup& markup) { addEnvironments(markup, diff, after); });
  return pageText(headOf(diff, before, after, context), parts, dataOf(before, after));
}

}  // namespace leakgate
