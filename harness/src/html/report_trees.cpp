#include "html/report_trees.hpp"

#include <algorithm>

namespace leakgate {

namespace {

enum class Side { base, head };

void add(FlameTree& tree, const std::vector<Frame>& frames, double amount, Side side) {
  tree.add(frames, side == Side::base ? amount : 0, side == Side::head ? amount : 0);
}

void addGrowth(FlameTree& tree, const Report& report, Side side) {
  for (const NamedFinding& finding : report.findings) {
    if (finding.growth.kind != FindingKind::heap) continue;
    for (const NamedStack& stack : finding.stacks)
      add(tree, stack.frames, stack.bytes.empty() ? 0 : static_cast<double>(stack.bytes.back()), side);
  }
}

void addPart(FlameTree& tree, const AllocationProfile& profile, const ProfiledPart& part, Side side) {
  const double requests = static_cast<double>(std::max<std::uint64_t>(1, part.requests));
  for (const ProfiledCounts& counted : part.stacks)
    add(tree, framesOf(profile, profile.stacks[counted.stack]),
        static_cast<double>(counted.counts.allocations) / requests, side);
  add(tree, {}, static_cast<double>(part.others.allocations) / requests, side);
}

}  // namespace

FlameNode growthTree(const Report& report) {
  FlameTree tree;
  addGrowth(tree, report, Side::head);
  return tree.take();
}

FlameNode growthTree(const Report& before, const Report& after) {
  FlameTree tree;
  addGrowth(tree, before, Side::base);
  addGrowth(tree, after, Side::head);
  return tree.take();
}

FlameNode allocationTree(const AllocationProfile& profile, const ProfiledPart& part) {
  FlameTree tree;
  addPart(tree, profile, part, Side::head);
  return tree.take();
}

FlameNode allocationTree(const AllocationProfile& before, const AllocationProfile& after) {
  FlameTree tree;
  addPart(tree, before, before.mix, Side::base);
  addPart(tree, after, after.mix, Side::head);
  return tree.take();
}

}  // namespace leakgate
