#include "html/flame_tree.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

// Innermost first.
std::vector<Frame> framesOf(std::initializer_list<const char*> functions) {
  std::vector<Frame> frames;
  for (const char* function : functions) frames.emplace_back().function = function;
  return frames;
}

const FlameNode& only(const FlameNode& node) {
  REQUIRE(node.children.size() == 1);
  return node.children.front();
}

}  // namespace

TEST_CASE("stacks are merged from their outer ends") {
  FlameTree tree;
  tree.add(framesOf({"copy", "login", "main"}), 0, 3);
  tree.add(framesOf({"copy", "logout", "main"}), 0, 1);
  tree.add(framesOf({"login", "main"}), 0, 2);
  const FlameNode root = tree.take();
  CHECK(root.head == 6);
  CHECK(root.width == 6);
  const FlameNode& main = only(root);
  REQUIRE(main.children.size() == 2);
  CHECK(main.children[0].name == "login");
  CHECK(main.children[0].head == 5);
  CHECK(only(main.children[0]).head == 3);
  CHECK(main.children[1].name == "logout");
}

TEST_CASE("a function is the same with other template arguments") {
  FlameTree tree;
  tree.add(framesOf({"Map<int>::insert"}), 1, 0);
  tree.add(framesOf({"Map<long>::insert"}), 0, 1);
  CHECK(only(tree.take()).base == 1);
}

TEST_CASE("what vanished and what is new both have room") {
  FlameTree tree;
  tree.add(framesOf({"old", "main"}), 5, 0);
  tree.add(framesOf({"fresh", "main"}), 0, 5);
  const FlameNode root = tree.take();
  CHECK(root.base == 5);
  CHECK(root.head == 5);
  CHECK(root.width == 10);
  const FlameNode& main = only(root);
  REQUIRE(main.children.size() == 2);
  CHECK(main.children[0].width + main.children[1].width == main.width);
}

TEST_CASE("what is not positive is left out, what is too deep is cut") {
  FlameTree tree;
  tree.add(framesOf({"shrinks"}), 0, -5);
  CHECK(tree.take().width == 0);
  FlameTree deep;
  std::vector<Frame> frames;
  for (int i = 0; i < 1000; ++i) frames.emplace_back().function = "f" + std::to_string(i);
  deep.add(frames, 0, 1);
  const FlameNode root = deep.take();
  std::size_t depth = 0;
  for (const FlameNode* node = &root; !node->children.empty(); node = &node->children.front()) ++depth;
  CHECK(depth == FlameTree::kMaxDepth);
}
