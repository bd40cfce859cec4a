#include "html/flame_graph.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "report/finding_text.hpp"

namespace leakgate {

namespace {

constexpr int kRow = 18;
constexpr double kLeastShare = 0.001;  // narrower is no pixel on most screens
constexpr double kLeastNamedShare = 0.02;
constexpr double kLeastChange = 0.001;  // of the whole

struct Drawing {
  Markup& markup;
  const FlameGraph& graph;
  double whole = 1;
  double leastWidth = 0;
};

void collectWidths(const FlameNode& node, std::vector<double>& widths) {
  widths.push_back(node.width);
  for (const FlameNode& child : node.children) collectWidths(child, widths);
}

// The least width that leaves at most `count` nodes.
double leastWidthOf(std::vector<double> widths, double whole, std::size_t count) {
  const double least = kLeastShare * whole;
  if (widths.size() <= count) return least;
  const auto last = widths.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(widths.begin(), last, widths.end(), std::greater<>());
  return std::max(least, std::nextafter(*last, INFINITY));
}

struct Extent {
  std::size_t rows = 0;
  std::size_t nodes = 0;
};

void measure(const FlameNode& node, std::size_t row, double leastWidth, Extent& extent) {
  if (node.width < leastWidth) return;
  extent.rows = std::max(extent.rows, row + 1);
  ++extent.nodes;
  for (const FlameNode& child : node.children) measure(child, row + 1, leastWidth, extent);
}

struct Mark {
  std::string_view sign;
  std::string_view tone;
};

// Signs, since a colour alone is not seen by everyone.
Mark markOf(const FlameNode& node, const Drawing& drawing) {
  if (!drawing.graph.compared) return {"", node.user ? "user" : "library"};
  if (node.head == 0) return {"gone: ", "less gone"};
  if (node.base == 0) return {"new: ", "more"};
  if (std::abs(node.head - node.base) <= kLeastChange * drawing.whole) return {"", "same"};
  return node.head > node.base ? Mark{"+ ", "more"} : Mark{"- ", "less"};
}

std::string titleOf(const FlameNode& node, const Drawing& drawing) {
  const FlameGraph& graph = drawing.graph;
  const std::string place = node.place.empty() ? node.name : node.name + " " + node.place;
  if (graph.compared)
    return fmt::format("{}: {} before, {} now, {}{}", place, asValue(node.base, graph.unit),
                       asValue(node.head, graph.unit), node.head > node.base ? "+" : "",
                       asValue(node.head - node.base, graph.unit));
  return fmt::format("{}: {}, {:.3g} %", place, asValue(node.head, graph.unit),
                     100 * node.head / drawing.whole);
}

void addNode(const Drawing& drawing, const FlameNode& node, double left, std::size_t row) {
  const Mark mark = markOf(node, drawing);
  const double share = node.width / drawing.whole;
  Markup& markup = drawing.markup;
  const auto box = markup.openInline("svg", {{"class", mark.tone},
                                             {"x", fmt::format("{:.2f}%", 100 * left / drawing.whole)},
                                             {"y", std::to_string(row * kRow)},
                                             {"width", fmt::format("{:.2f}%", 100 * share)},
                                             {"height", std::to_string(kRow)}});
  markup.element("title", titleOf(node, drawing));
  markup.empty("rect",
               {{"width", "100%"}, {"height", "100%"}, {"fill", "currentColor"}, {"fill-opacity", ".15"}});
  markup.element("text", std::string(mark.sign) + node.name,
                 {{"x", "4"}, {"y", "13"}, {"display", share >= kLeastNamedShare ? "inline" : "none"}});
}

void addNodes(const Drawing& drawing, const FlameNode& node, double left, std::size_t row) {
  if (node.width < drawing.leastWidth) return;
  addNode(drawing, node, left, row);
  for (const FlameNode& child : node.children) {
    addNodes(drawing, child, left, row + 1);
    left += child.width;
  }
}

std::string captionOf(const FlameNode& root, const FlameGraph& graph, std::size_t drawn, std::size_t all) {
  std::string text = ": " + asValue(root.head, graph.unit);
  if (graph.compared) text += fmt::format(" now, {} before", asValue(root.base, graph.unit));
  if (graph.compared) text += "; + more, - less, gone: vanished, new: was not there";
  if (drawn < all) text += fmt::format("; the widest {} of {} functions are drawn", drawn, all);
  return text;
}

}  // namespace

void addFlameGraph(Markup& markup, const FlameNode& root, const FlameGraph& graph) {
  if (root.width <= 0) return;
  std::vector<double> widths;
  collectWidths(root, widths);
  const Drawing drawing{markup, graph, root.width, leastWidthOf(widths, root.width, graph.maxNodes)};
  Extent extent;
  measure(root, 0, drawing.leastWidth, extent);
  const std::string caption = captionOf(root, graph, extent.nodes, widths.size());
  const auto figure = markup.open("figure", {{"class", "flame"}});
  {
    const auto line = markup.open("figcaption");
    markup.element("strong", graph.title);
    markup.text(caption);
  }
  const auto svg = markup.open("svg", {{"width", "100%"},
                                       {"height", std::to_string(extent.rows * kRow)},
                                       {"role", "img"},
                                       {"font-size", "11"},
                                       {"fill", "currentColor"},
                                       {"aria-label", graph.title + caption}});
  addNodes(drawing, root, 0, 0);
}

}  // namespace leakgate
