// Call stacks as one tree, with what they amount to on one or two sides.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "symbols/frame.hpp"

namespace leakgate {

/// A function below its callers. Amounts include those of its callees.
struct FlameNode {
  std::string name;
  std::string place;  ///< "src/login.cpp:12", of the first stack that has it
  bool user = false;  ///< the user's code
  double base = 0;
  double head = 0;
  double width = 0;  ///< as drawn: room for the larger side of all that is below
  std::vector<FlameNode> children;
};

/// Merges stacks from their outer ends. Functions are the same by name, without template arguments, so a
/// changed line is no other function.
class FlameTree {
 public:
  /// Frames innermost first; those beyond kMaxDepth callees of the root are left out. Amounts that are not
  /// positive are ignored.
  void add(std::span<const Frame> frames, double base, double head);

  /// The tree with widths, the widest children first. A stack that is gone keeps its width of before, one that
  /// is new has its own: so both are seen.
  FlameNode take();

  static constexpr std::size_t kMaxDepth = 100;

 private:
  FlameNode root_{"all", "", false, 0, 0, 0, {}};
};

}  // namespace leakgate
