#include "html/flame_tree.hpp"

#include <algorithm>
#include <utility>

#include "report/stack_text.hpp"
#include "symbols/function_name.hpp"
#include "symbols/owner.hpp"

namespace leakgate {

namespace {

std::string nameOf(const Frame& frame) {
  if (!frame.function.empty()) return stableName(frame.function);
  return frame.module.empty() ? "?" : frame.module;
}

FlameNode& childFor(FlameNode& parent, const Frame& frame) {
  std::string name = nameOf(frame);
  for (FlameNode& child : parent.children)
    if (child.name == name) return child;
  FlameNode& child = parent.children.emplace_back();
  child.name = std::move(name);
  child.place = placeText(frame);
  child.user = ownerOf(frame) == Owner::user;
  return child;
}

// The widths of a node's callees add up to no more than its own, although each side's maximum may lie elsewhere.
void setWidths(FlameNode& node) {
  double ownBase = node.base;
  double ownHead = node.head;
  double callees = 0;
  for (FlameNode& child : node.children) {
    setWidths(child);
    ownBase -= child.base;
    ownHead -= child.head;
    callees += child.width;
  }
  node.width = callees + std::max({ownBase, ownHead, 0.0});
  std::stable_sort(node.children.begin(), node.children.end(),
                   [](const FlameNode& a, const FlameNode& b) { return a.width > b.width; });
}

}  // namespace

void FlameTree::add(std::span<const Frame> frames, double base, double head) {
  base = std::max(base, 0.0);
  head = std::max(head, 0.0);
  if (base == 0 && head == 0) return;
  FlameNode* node = &root_;
  node->base += base;
  node->head += head;
  const std::size_t depth = std::min(frames.size(), kMaxDepth);
  for (std::size_t i = 0; i < depth; ++i) {
    node = &childFor(*node, frames[frames.size() - 1 - i]);
    node->base += base;
    node->head += head;
  }
}

FlameNode FlameTree::take() {
  setWidths(root_);
  return std::move(root_);
}

}  // namespace leakgate
