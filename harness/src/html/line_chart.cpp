#include "html/line_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/finding_text.hpp"

namespace leakgate {

namespace {

constexpr double kWidth = 360;
constexpr double kHeight = 150;
constexpr double kLeft = 58;
constexpr double kRight = 8;
constexpr double kTop = 8;
constexpr double kBottom = 24;
constexpr int kSteps = 3;
constexpr std::size_t kMaxDots = 24;

struct Axis {
  double low = 0;
  double high = 1;
  double step = 1;

  double shareOf(double value) const { return (value - low) / (high - low); }
};

// 1, 2 or 5 times a power of ten, so that about `kSteps` of them make the range.
double niceStep(double range) {
  const double raw = range / kSteps;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power) return factor * power;
  return 10 * power;
}

Axis axisOf(double low, double high) {
  if (high <= low) {  // flat: in the middle
    const double margin = low == 0 ? 1 : std::abs(low) / 2;
    return {low - margin, low + margin, margin};
  }
  const double step = niceStep(high - low);
  return {std::floor(low / step) * step, std::ceil(high / step) * step, step};
}

struct Plot {
  Axis x;
  Axis y;

  double left(double value) const { return kLeft + x.shareOf(value) * (kWidth - kLeft - kRight); }
  double top(double value) const { return kTop + (1 - y.shareOf(value)) * (kHeight - kTop - kBottom); }
};

Plot plotOf(const LineChart& chart) {
  double left = INFINITY;
  double right = -INFINITY;
  double low = chart.fromZero ? 0 : INFINITY;
  double high = chart.fromZero ? 0 : -INFINITY;
  for (const Curve& curve : chart.curves) {
    for (const ChartPoint& point : curve.points) {
      left = std::min(left, point.x);
      right = std::max(right, point.x);
      low = std::min(low, point.y);
      high = std::max(high, point.y);
    }
  }
  return {{left, std::max(right, left + 1), std::max(right - left, 1.0)}, axisOf(low, high)};
}

std::string number(double value) { return fmt::format("{:.1f}", value); }

void addLabel(Markup& markup, double x, double y, std::string_view anchor, std::string_view text) {
  markup.element("text", text,
                 {{"x", number(x)},
                  {"y", number(y)},
                  {"text-anchor", anchor},
                  {"font-size", "11"},
                  {"fill", "currentColor"},
                  {"class", "axis"}});
}

void addAxes(Markup& markup, const LineChart& chart, const Plot& plot) {
  for (double value = plot.y.low; value <= plot.y.high + plot.y.step / 2; value += plot.y.step) {
    const std::string y = number(plot.top(value));
    markup.empty("line", {{"x1", number(kLeft)},
                          {"x2", number(kWidth - kRight)},
                          {"y1", y},
                          {"y2", y},
                          {"stroke", "currentColor"},
                          {"stroke-opacity", "0.15"}});
    const double clean = std::abs(value) < plot.y.step / 1000 ? 0 : value;
    addLabel(markup, kLeft - 6, plot.top(value) + 4, "end", axisValue(clean, chart.unit));
  }
  addLabel(markup, kLeft, kHeight - 6, "start", axisValue(plot.x.low, ""));
  addLabel(markup, kWidth - kRight, kHeight - 6, "end", axisValue(plot.x.high, "") + " " + chart.xName);
}

void addMarks(Markup& markup, const LineChart& chart, const Plot& plot) {
  for (const ChartMark& mark : chart.marks) {
    const std::string x = number(plot.left(mark.x));
    const auto group = markup.openInline("g", {{"class", mark.dashed ? "limit" : "change"}});
    markup.element("title", mark.label);
    markup.empty("line", {{"x1", x},
                          {"x2", x},
                          {"y1", number(kTop)},
                          {"y2", number(kHeight - kBottom)},
                          {"stroke", "currentColor"},
                          {"stroke-width", "1.5"},
                          {"stroke-dasharray", mark.dashed ? "2 3" : "none"}});
  }
}

std::string pathOf(const Curve& curve, const Plot& plot) {
  std::string path;
  for (const ChartPoint& point : curve.points)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", plot.left(point.x), plot.top(point.y));
  return path;
}

void addDots(Markup& markup, const Curve& curve, const Plot& plot, const LineChart& chart) {
  if (curve.points.size() > kMaxDots) return;
  for (const ChartPoint& point : curve.points) {
    const auto dot = markup.openInline("circle", {{"cx", number(plot.left(point.x))},
                                                  {"cy", number(plot.top(point.y))},
                                                  {"r", "2.5"},
                                                  {"fill", "currentColor"}});
    markup.element("title", fmt::format("{}{}{} at {} {}", point.label, point.label.empty() ? "" : ": ",
                                        asValue(point.y, chart.unit), asValue(point.x, ""), chart.xName));
  }
}

void addCurve(Markup& markup, const Curve& curve, const Plot& plot, const LineChart& chart, bool second) {
  const auto group = markup.openInline("g", {{"class", second ? "curve second" : "curve"}});
  markup.empty("path", {{"d", pathOf(curve, plot)},
                        {"fill", "none"},
                        {"stroke", "currentColor"},
                        {"stroke-width", "1.75"},
                        {"stroke-linejoin", "round"},
                        {"stroke-dasharray", second ? "5 3" : "none"}});
  addDots(markup, curve, plot, chart);
}

std::string namesOf(const LineChart& chart) {
  if (chart.curves.size() < 2) return "";
  return fmt::format(" ({} solid, {} dashed)", chart.curves[0].name, chart.curves[1].name);
}

}  // namespace

std::string axisValue(double value, const std::string& unit) {
  if (unit == "ns") return asTime(value);
  constexpr std::array<std::pair<double, const char*>, 3> kPowers{{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
  for (const auto& [power, letter] : kPowers) {
    if (std::abs(value) < power) continue;
    const std::string digits = fmt::format("{:.4g}", value / power);
    return unit.empty() || unit == "1" ? digits + letter : digits + " " + letter + unit;
  }
  const std::string digits = fmt::format("{:.4g}", value);
  return unit.empty() || unit == "1" ? digits : digits + " " + unit;
}

void addLineChart(Markup& markup, const LineChart& chart) {
  if (chart.curves.empty() || chart.curves.front().points.size() < 2) return;
  const Plot plot = plotOf(chart);
  const auto figure = markup.open("figure", {{"class", "chart"}});
  {
    const auto caption = markup.open("figcaption");
    markup.element("strong", chart.title);
    markup.text(namesOf(chart) + (chart.caption.empty() ? "" : ": " + chart.caption));
  }
  const auto svg =
      markup.open("svg", {{"viewBox", fmt::format("0 0 {} {}", kWidth, kHeight)},
                          {"width", "100%"},
                          {"role", "img"},
                          {"aria-label", chart.title + (chart.caption.empty() ? "" : ": " + chart.caption)}});
  addAxes(markup, chart, plot);
  addMarks(markup, chart, plot);
  for (std::size_t i = 0; i < chart.curves.size(); ++i) addCurve(markup, chart.curves[i], plot, chart, i > 0);
}

}  // namespace leakgate
