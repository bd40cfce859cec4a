// Draws a call tree as SVG: a rectangle for each function, as wide as its share, callees below callers.
#pragma once

#include <cstddef>
#include <string>

#include "html/flame_tree.hpp"
#include "html/markup.hpp"

namespace leakgate {

inline constexpr std::size_t kMaxFlameNodes = 800;

struct FlameGraph {
  std::string title;      ///< "Allocations per request"
  std::string unit;       ///< of the amounts, as a metric's
  bool compared = false;  ///< two sides: what changed is marked by a sign and a colour
  std::size_t maxNodes = kMaxFlameNodes;
};

/// Adds a <figure>. Positions are percentages, so it fits any width without a script. At most `maxNodes`
/// functions are drawn, those with the largest shares; the caption says so. Nothing for an empty tree.
void addFlameGraph(Markup& markup, const FlameNode& root, const FlameGraph& graph);

}  // namespace leakgate
