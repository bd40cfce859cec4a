#include "report/profile_tree.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <vector>

#include "report/table.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxIndent = 24;

struct Node {
  std::uint32_t frame = 0;
  std::uint64_t amount = 0;
  std::size_t joined = 0;  // frames without a branch, between the parent and this one
  std::map<std::uint32_t, std::size_t> callees;
};

// Nodes by number; the first is the root, above the outermost frames.
using Nodes = std::vector<Node>;

std::size_t calleeOf(Nodes& nodes, std::size_t caller, std::uint32_t frame) {
  const auto [at, added] = nodes[caller].callees.try_emplace(frame, nodes.size());
  const std::size_t number = at->second;
  if (added) nodes.emplace_back().frame = frame;
  return number;
}

Nodes treeOf(const AllocationProfile& profile, const ProfiledPart& part, ProfileBy by) {
  Nodes nodes(1);
  for (const ProfiledCounts& row : part.stacks) {
    const std::uint64_t amount = amountOf(row.counts, by);
    if (amount == 0) continue;
    nodes[0].amount += amount;
    const auto& frames = profile.stacks[row.stack].frames;
    std::size_t at = 0;
    for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
      at = calleeOf(nodes, at, *frame);
      nodes[at].amount += amount;
    }
  }
  return nodes;
}

// The last node of the chain that starts at `number`: all of its amount, and no choice on the way.
std::size_t endOfChain(Nodes& nodes, std::size_t number) {
  std::size_t joined = 0;
  while (nodes[number].callees.size() == 1) {
    const std::size_t next = nodes[number].callees.begin()->second;
    if (nodes[next].amount != nodes[number].amount) break;
    number = next;
    ++joined;
  }
  nodes[number].joined = joined;
  return number;
}

// The ends of the chains below a node, the heaviest first.
std::vector<std::size_t> branchesOf(Nodes& nodes, std::size_t number) {
  std::vector<std::size_t> branches;
  const auto callees = nodes[number].callees;
  for (const auto& [frame, callee] : callees) branches.push_back(endOfChain(nodes, callee));
  std::stable_sort(branches.begin(), branches.end(),
                   [&](std::size_t a, std::size_t b) { return nodes[a].amount > nodes[b].amount; });
  return branches;
}

// The heaviest nodes. No caller is lighter than its callees, so each one's caller is chosen before it.
std::set<std::size_t> heaviest(Nodes& nodes, std::size_t count) {
  const auto lighter = [&](std::size_t a, std::size_t b) {
    return nodes[a].amount != nodes[b].amount ? nodes[a].amount < nodes[b].amount : a > b;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(lighter)> next(lighter);
  for (const std::size_t branch : branchesOf(nodes, 0)) next.push(branch);
  std::set<std::size_t> chosen;
  while (!next.empty() && chosen.size() < count) {
    const std::size_t number = next.top();
    next.pop();
    chosen.insert(number);
    for (const std::size_t branch : branchesOf(nodes, number)) next.push(branch);
  }
  return chosen;
}

std::string nodeNameOf(const Frame& frame) {
  if (!frame.function.empty()) return frame.function;
  return fmt::format("{}+{:#x}", frame.module.empty() ? "no module" : frame.module, frame.offset);
}

class TreeText {
 public:
  TreeText(const AllocationProfile& profile, const ProfiledPart& part, const ProfileTextOptions& options)
      : profile_(profile),
        part_(part),
        options_(options),
        total_(amountOf(part.total, options.by)),
        nodes_(treeOf(profile, part, options.by)),
        chosen_(heaviest(nodes_, options.top)) {}

  std::string text() {
    text_ = fmt::format("{:>7} {:>10}  {}\n", "share", options_.by == ProfileBy::live ? "bytes" : "per req.",
                        "function, called by the one above it");
    addBranches(0, 0);
    return std::move(text_);
  }

 private:
  // Recursion is as deep as the chosen rows at most.
  void addBranches(std::size_t number, std::size_t depth) {
    for (const std::size_t branch : branchesOf(nodes_, number)) {
      if (!chosen_.contains(branch)) continue;
      addLine(nodes_[branch], depth);
      addBranches(branch, depth + 1);
    }
  }

  void addLine(const Node& node, std::size_t depth) {
    const Frame& frame = profile_.frames[node.frame];
    const std::string amount =
        perRequestText(node.amount, options_.by == ProfileBy::live ? 1 : part_.requests);
    std::string line = fmt::format("{:>5.1f} % {:>10}  ", share(node.amount), amount);
    line += std::string(std::min(depth * 2, kMaxIndent), ' ');
    std::string place = frame.file.empty() ? "" : fmt::format("  {}:{}", frame.file, frame.line);
    if (node.joined > 0) place += fmt::format("  +{}", node.joined);
    const std::string name = nodeNameOf(frame);
    const std::size_t left = kColumns - line.size();
    // The name matters more than the place.
    place = shortened(place, std::max(left, name.size() + 12) - name.size());
    const std::size_t forName = left - std::min(left, place.size());
    line += shortened(name, forName) + place;
    text_ += line + "\n";
  }

  double share(std::uint64_t amount) const {
    return total_ == 0 ? 0 : 100 * static_cast<double>(amount) / static_cast<double>(total_);
  }

  const AllocationProfile& profile_;
  const ProfiledPart& part_;
  const ProfileTextOptions& options_;
  std::uint64_t total_;
  Nodes nodes_;
  std::set<std::size_t> chosen_;
  std::string text_;
};

}  // namespace

std::string profileTree(const AllocationProfile& profile, const ProfiledPart& part,
                        const ProfileTextOptions& options) {
  return TreeText(profile, part, options).text();
}

}  // namespace leakgate
