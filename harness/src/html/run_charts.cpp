#include "html/run_charts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "html/html_table.hpp"
#include "report/finding_text.hpp"

namespace leakgate {

namespace {

struct CourseChart {
  std::string title;
  std::string unit;
  SeriesValue value;
};

std::string fromTo(double first, double last, const std::string& unit) {
  if (first == last) return asValue(last, unit) + " throughout";
  const std::string sign = last > first ? "+" : "";
  return fmt::format("{} at the start, {}{} at the end", asValue(first, unit), sign,
                     asValue(last - first, unit));
}

// What stands still at each checkpoint: its value.
LineChart levelChart(const Report& report, const CourseChart& wanted) {
  LineChart chart{wanted.title, "", "requests", wanted.unit, {}, false};
  const Curve& curve = chart.curves.emplace_back(courseOf("", report, wanted.value));
  if (!curve.points.empty())
    chart.caption = fromTo(curve.points.front().y, curve.points.back().y, wanted.unit);
  return chart;
}

// What adds up from checkpoint to checkpoint: its rise per request of each block.
LineChart rateChart(const Report& report, const CourseChart& wanted) {
  LineChart chart{wanted.title, "", "requests", wanted.unit, {}, true};
  Curve& curve = chart.curves.emplace_back();
  for (std::size_t i = 1; i < report.series.size(); ++i) {
    const SeriesPoint& before = report.series[i - 1];
    const SeriesPoint& after = report.series[i];
    if (after.requests <= before.requests) continue;
    const double rise = wanted.value(after) - wanted.value(before);
    curve.points.push_back({static_cast<double>(after.requests),
                            rise / static_cast<double>(after.requests - before.requests), after.checkpoint});
  }
  if (!curve.points.empty())
    chart.caption =
        fmt::format("{} in the first block, {} in the last", asValue(curve.points.front().y, wanted.unit),
                    asValue(curve.points.back().y, wanted.unit));
  return chart;
}

bool changes(const Report& report, const SeriesValue& value) {
  return std::any_of(report.series.begin(), report.series.end(),
                     [&](const SeriesPoint& point) { return value(point) != value(report.series.front()); });
}

template <class T>
SeriesValue valueOf(T SeriesPoint::*member) {
  return [member](const SeriesPoint& point) { return static_cast<double>(point.*member); };
}

void addStepTable(Markup& markup, const Report& report) {
  HtmlTable table{"Latency by step",
                  {{"step"},
                   {"requests", Align::right},
                   {"p50", Align::right},
                   {"p99", Align::right},
                   {"drift", Align::right}},
                  {}};
  for (const StepTimes& times : report.steps) {
    const std::string drift = times.hasDrift
                                  ? fmt::format("{:+.1f} % ({:+.1f} to {:+.1f})", times.driftPercent,
                                                times.driftLow, times.driftHigh)
                                  : "-";
    table.rows.push_back({{times.step},
                          {withThousands(static_cast<std::int64_t>(times.requests))},
                          {asValue(times.p50Ns, "ns")},
                          {asValue(times.p99Ns, "ns")},
                          {drift}});
  }
  addTable(markup, table);
}

LineChart latencyChart(const Report& report) {
  LineChart chart{"Latency", "", "requests", "ns", {{"p50", {}}, {"p99", {}}}, true};
  double requests = 0;
  for (const LatencyWindow& window : report.windows) {
    requests += static_cast<double>(window.requests);
    chart.curves[0].points.push_back({requests, window.p50Ns});
    chart.curves[1].points.push_back({requests, window.p99Ns});
  }
  if (report.drift)
    chart.caption = fmt::format("{:+.1f} % from first to last, 95 % confidence {:+.1f} to {:+.1f} %",
                                report.drift->percent, report.drift->low, report.drift->high);
  return chart;
}

}  // namespace

Curve courseOf(std::string name, const Report& report, const SeriesValue& value) {
  Curve curve{std::move(name), {}};
  for (const SeriesPoint& point : report.series)
    curve.points.push_back({static_cast<double>(point.requests), value(point), point.checkpoint});
  return curve;
}

void addCourse(Markup& markup, const Report& report) {
  if (report.series.size() < 2) return;
  const auto charts = markup.open("div", {{"class", "charts"}});
  if (report.depth != Depth::none) {
    addLineChart(markup, levelChart(report, {"Live heap", "B", valueOf(&SeriesPoint::liveBytes)}));
    addLineChart(markup,
                 rateChart(report, {"Allocations per request", "", valueOf(&SeriesPoint::allocations)}));
  }
  addLineChart(markup, levelChart(report, {"Resident memory", "B", valueOf(&SeriesPoint::rssBytes)}));
  addLineChart(markup, rateChart(report, {"CPU per request", "ns", valueOf(&SeriesPoint::cpuNs)}));
  for (const CourseChart& chart : {CourseChart{"Descriptors", "", valueOf(&SeriesPoint::descriptors)},
                                   CourseChart{"Threads", "", valueOf(&SeriesPoint::threads)}}) {
    if (changes(report, chart.value)) addLineChart(markup, levelChart(report, chart));
  }
}

void addLatency(Markup& markup, const Report& report) {
  {
    const auto charts = markup.open("div", {{"class", "charts"}});
    addLineChart(markup, latencyChart(report));
  }
  addStepTable(markup, report);
}

}  // namespace leakgate
