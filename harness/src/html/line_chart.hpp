// Draws curves as SVG.
#pragma once

#include <string>
#include <vector>

#include "html/markup.hpp"

namespace leakgate {

struct ChartPoint {
  double x = 0;
  double y = 0;
  std::string label{};  ///< "block 1"; shown with the values at the point
};

struct Curve {
  std::string name;  ///< "p50"; "" for a single one
  std::vector<ChartPoint> points;
};

/// A vertical line where something changes.
struct ChartMark {
  double x = 0;
  std::string label{};  ///< "worse since 3f2a91c04b7d"
  bool dashed = false;  ///< what is on both sides does not compare
};

/// A figure of one or two curves over a common axis; the second is dashed.
struct LineChart {
  std::string title;
  std::string caption;  ///< what it shows, in words, for readers who do not see it
  std::string xName;    ///< "requests"
  std::string unit;     ///< of y, as a metric's
  std::vector<Curve> curves;
  bool fromZero = false;  ///< the axis starts at 0
  std::vector<ChartMark> marks = {};
};

/// Adds a <figure>. It is drawn with presentation attributes, not style: a page whose style is refused shows
/// it as well. Nothing without two points.
void addLineChart(Markup& markup, const LineChart& chart);

/// "12.9 MB", "3.2 us", "1.5k": a value for an axis, in at most four digits.
std::string axisValue(double value, const std::string& unit);

}  // namespace leakgate
