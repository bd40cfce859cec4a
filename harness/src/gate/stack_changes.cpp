#include "gate/stack_changes.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "gate/stack_pairs.hpp"

namespace leakgate {

namespace {

using StackFate = StackChange::Fate;

AllocationRate rateOf(const AllocationCounts& counts, std::uint64_t requests) {
  const auto divisor = static_cast<double>(std::max<std::uint64_t>(requests, 1));
  return {static_cast<double>(counts.allocations) / divisor, static_cast<double>(counts.bytes) / divisor};
}

// A profile with the frames of its stacks, which can be paired.
struct NamedProfile {
  const AllocationProfile& profile;
  std::vector<std::vector<Frame>> frames;

  explicit NamedProfile(const AllocationProfile& named) : profile(named) {
    for (const ProfiledStack& stack : named.stacks) frames.push_back(framesOf(named, stack));
  }

  std::vector<PairableStack> pairable() const {
    std::vector<PairableStack> stacks;
    for (std::size_t i = 0; i < frames.size(); ++i) stacks.push_back({frames[i], profile.stacks[i].scope});
    return stacks;
  }
};

// The counts of one stack in one part of both profiles.
struct Pair {
  const ProfiledCounts* before = nullptr;
  const ProfiledCounts* after = nullptr;
};

class StackComparison {
 public:
  StackComparison(const AllocationProfile& before, const AllocationProfile& after)
      : before_(before), after_(after), partner_(before.stacks.size(), kNone) {
    for (const StackPair& pair : pairStacks(before_.pairable(), after_.pairable()).pairs) {
      partner_[pair.before] = pair.after;
      similarity_[pair.after] = pair.similarity;
    }
  }

  PartChanges compare(const ProfiledPart& was, const ProfiledPart& is) const {
    PartChanges part;
    part.step = is.step;
    part.before = rateOf(was.total, was.requests);
    part.after = rateOf(is.total, is.requests);
    const AllocationRate othersBefore = rateOf(was.others, was.requests);
    const AllocationRate othersAfter = rateOf(is.others, is.requests);
    part.others = {othersAfter.blocks - othersBefore.blocks, othersAfter.bytes - othersBefore.bytes};
    for (const Pair& pair : pairsIn(was, is)) {
      StackChange change = changeOf(pair, was.requests, is.requests);
      if (differs(change)) part.stacks.push_back(std::move(change));
    }
    std::stable_sort(part.stacks.begin(), part.stacks.end(), [](const StackChange& a, const StackChange& b) {
      return std::tuple(a.blocksAdded(), a.bytesAdded()) > std::tuple(b.blocksAdded(), b.bytesAdded());
    });
    return part;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::vector<Pair> pairsIn(const ProfiledPart& was, const ProfiledPart& is) const {
    std::map<std::size_t, Pair> byNewer;  // in the order of the newer profile
    std::vector<Pair> pairs;
    for (const ProfiledCounts& counts : is.stacks) byNewer[counts.stack].after = &counts;
    for (const ProfiledCounts& counts : was.stacks) {
      if (partner_[counts.stack] == kNone) {
        pairs.push_back({&counts, nullptr});
      } else {
        byNewer[partner_[counts.stack]].before = &counts;
      }
    }
    for (const auto& [stack, pair] : byNewer) pairs.push_back(pair);
    return pairs;
  }

  StackChange changeOf(const Pair& pair, std::uint64_t requestsBefore, std::uint64_t requestsAfter) const {
    StackChange change;
    if (pair.before != nullptr) change.before = rateOf(pair.before->counts, requestsBefore);
    if (pair.after != nullptr) change.after = rateOf(pair.after->counts, requestsAfter);
    const NamedProfile& shown = pair.after != nullptr ? after_ : before_;
    const std::size_t index = pair.after != nullptr ? pair.after->stack : pair.before->stack;
    const ProfiledStack& stack = shown.profile.stacks[index];
    change.frames = shown.frames[index];
    change.truncated = stack.truncated;
    change.fingerprint = stack.fingerprint;
    change.scope = stack.scope;
    const auto similar = similarity_.find(index);
    if (pair.before != nullptr && pair.after != nullptr && similar != similarity_.end())
      change.similarity = similar->second;
    change.fate = fateOf(change);
    return change;
  }

  static StackFate fateOf(const StackChange& change) {
    if (change.before.blocks == 0) return StackFate::added;
    if (change.after.blocks == 0) return StackFate::gone;
    return change.blocksAdded() == 0 && change.bytesAdded() == 0 ? StackFate::moved : StackFate::changed;
  }

  static bool differs(const StackChange& change) {
    return change.blocksAdded() != 0 || change.bytesAdded() != 0 ||
           (change.similarity < 1 && change.after.blocks > 0);
  }

  NamedProfile before_;
  NamedProfile after_;
  std::vector<std::size_t> partner_;          ///< by the older stack; kNone: it has none
  std::map<std::size_t, double> similarity_;  ///< by the newer stack
};

}  // namespace

std::vector<PartChanges> stackChanges(const AllocationProfile& before, const AllocationProfile& after) {
  const StackComparison comparison(before, after);
  std::vector<PartChanges> parts{comparison.compare(before.mix, after.mix)};
  for (const ProfiledPart& is : after.steps) {
    const auto was = std::find_if(before.steps.begin(), before.steps.end(),
                                  [&](const ProfiledPart& step) { return step.step == is.step; });
    if (was != before.steps.end() && was->requests > 0 && is.requests > 0)
      parts.push_back(comparison.compare(*was, is));
  }
  return parts;
}

std::string_view toString(StackChange::Fate fate) {
  switch (fate) {
    case StackFate::added:
      return "new";
    case StackFate::moved:
      return "moved";
    case StackFate::gone:
      return "gone";
    case StackFate::changed:
      break;
  }
  return "changed";
}

}  // namespace leakgate
