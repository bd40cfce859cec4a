#include "html/line_chart.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

std::string drawn(const LineChart& chart) {
  Markup markup;
  addLineChart(markup, chart);
  return markup.take();
}

}  // namespace

TEST_CASE("values on an axis are short") {
  CHECK(axisValue(0, "B") == "0 B");
  CHECK(axisValue(12'955'542, "B") == "12.96 MB");
  CHECK(axisValue(-1500, "") == "-1.5k");
  CHECK(axisValue(20'000, "1") == "20k");
  CHECK(axisValue(3'200, "ns") == "3.2 us");
}

TEST_CASE("a curve goes from the left to the right edge, and from the bottom to the top") {
  LineChart chart{"Live heap", "rises", "requests", "B", {{"", {{0, 0, "warm"}, {10, 100, "block 1"}}}}};
  const std::string svg = drawn(chart);
  CHECK(holds(svg, "d=\"M58.0 126.0L352.0 8.0\""));
  CHECK(holds(svg, "<title>block 1: 100 B at 10 requests</title>"));
  CHECK(holds(svg, "role=\"img\" aria-label=\"Live heap: rises\""));
}

TEST_CASE("what does not change is drawn in the middle") {
  const std::string svg = drawn({"Live heap", "", "requests", "B", {{"", {{0, 500, ""}, {10, 500, ""}}}}});
  CHECK(holds(svg, "d=\"M58.0 67.0L352.0 67.0\""));
}

TEST_CASE("the second curve is distinguished by more than colour") {
  const std::string svg = drawn({"Latency",
                                 "",
                                 "requests",
                                 "ns",
                                 {{"p50", {{0, 1, ""}, {1, 1, ""}}}, {"p99", {{0, 2, ""}, {1, 2, ""}}}}});
  CHECK(holds(svg, "(p50 solid, p99 dashed)"));
  CHECK(holds(svg, "stroke-dasharray=\"5 3\""));
}

TEST_CASE("a mark is a line from top to bottom that says what it is, dashed where curves do not compare") {
  LineChart chart{"Live heap", "", "runs", "B", {{"", {{1, 0, ""}, {3, 100, ""}}}}};
  chart.marks = {{2, "WORSE since <3f2a>"}, {3, "another compiler", true}};
  const std::string svg = drawn(chart);
  CHECK(holds(svg,
              "<g class=\"change\"><title>WORSE since &lt;3f2a&gt;</title><line x1=\"205.0\" x2=\"205.0\""));
  CHECK(holds(svg, "<g class=\"limit\"><title>another compiler</title><line x1=\"352.0\""));
  CHECK(holds(svg, "stroke-dasharray=\"2 3\""));
}

TEST_CASE("there is no chart of a single point") {
  CHECK(drawn({"Live heap", "", "requests", "B", {{"", {{0, 1, ""}}}}}).empty());
  CHECK(drawn({"Live heap", "", "requests", "B", {}}).empty());
}
