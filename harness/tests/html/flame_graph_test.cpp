#include "html/flame_graph.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

std::vector<Frame> stack(std::initializer_list<std::string> functions) {
  std::vector<Frame> frames;
  for (const auto& function : functions) {
    Frame& frame = frames.emplace_back();
    frame.function = function;
    frame.file = function + ".cpp";
    frame.line = 7;
    frame.owner = Owner::user;
  }
  return frames;
}

std::string drawn(FlameTree& tree, const FlameGraph& graph) {
  Markup markup;
  addFlameGraph(markup, tree.take(), graph);
  return markup.take();
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("callees lie below their callers, as wide as their share") {
  FlameTree tree;
  tree.add(stack({"login", "main"}), 0, 3);
  tree.add(stack({"logout", "main"}), 0, 1);
  const std::string svg = drawn(tree, {"Allocations per request", ""});
  CHECK(holds(
      svg,
      "<svg class=\"user\" x=\"0.00%\" y=\"36\" width=\"75.00%\" height=\"18\"><title>login login.cpp:7: 3, 75 %"));
  CHECK(holds(svg, "<svg class=\"user\" x=\"75.00%\" y=\"36\" width=\"25.00%\" height=\"18\"><title>logout"));
  CHECK(holds(svg, "aria-label=\"Allocations per request: 4\""));
}

TEST_CASE("changes have signs, and what vanished is still there") {
  FlameTree tree;
  tree.add(stack({"more"}), 1, 2);
  tree.add(stack({"less"}), 2, 1);
  tree.add(stack({"equal"}), 1, 1);
  tree.add(stack({"old"}), 1, 0);
  tree.add(stack({"fresh"}), 0, 1);
  const std::string svg = drawn(tree, {"Allocations", "", true});
  CHECK(holds(svg, ">+ more</text>"));
  CHECK(holds(svg, ">- less</text>"));
  CHECK(holds(svg, ">equal</text>"));
  CHECK(holds(svg, ">gone: old</text>"));
  CHECK(holds(svg, ">new: fresh</text>"));
  CHECK(holds(svg, "more more.cpp:7: 1 before, 2 now, +1</title>"));
}

TEST_CASE("two equal sides are neutral") {
  FlameTree tree;
  tree.add(stack({"login", "main"}), 3, 3);
  tree.add(stack({"logout", "main"}), 1, 1);
  const std::string svg = drawn(tree, {"Allocations", "", true});
  CHECK(count(svg, "class=\"same\"") == 4);
  CHECK_FALSE(holds(svg, "class=\"more"));
  CHECK_FALSE(holds(svg, "class=\"less"));
}

TEST_CASE("only the widest are drawn, and the caption says so") {
  FlameTree tree;
  for (int i = 0; i < 900; ++i) tree.add(stack({"f" + std::to_string(i)}), 0, 5000 + i);
  const std::string svg = drawn(tree, {"Allocations", ""});
  CHECK(count(svg, "<rect") == kMaxFlameNodes);
  CHECK(holds(svg, "the widest 800 of 901 functions are drawn"));
}

TEST_CASE("nothing is drawn of nothing") {
  FlameTree tree;
  CHECK(drawn(tree, {"Allocations", ""}).empty());
}
