#include "gate/finding_pairs.hpp"

#include <algorithm>
#include <string>

#include "gate/stack_pairs.hpp"

namespace leakgate {

namespace {

using Pairs = std::vector<std::optional<FindingPair>>;

bool sameDefect(const FindingIdentity& before, const FindingIdentity& after) {
  return before.fingerprint == after.fingerprint;
}

bool sameSite(const FindingIdentity& before, const FindingIdentity& after) {
  const bool beforeInParts = !before.site.empty();
  const bool afterInParts = !after.site.empty();
  if (beforeInParts == afterInParts) return false;
  return (beforeInParts ? before.site : before.fingerprint) ==
         (afterInParts ? after.site : after.fingerprint);
}

std::vector<bool> pairedOf(const Pairs& pairs, std::size_t beforeCount) {
  std::vector<bool> paired(beforeCount);
  for (const auto& pair : pairs)
    if (pair) paired[pair->before] = true;
  return paired;
}

template <class Same>
void pairBy(Same same, std::span<const FindingIdentity> before, std::span<const FindingIdentity> after,
            Pairs& pairs) {
  std::vector<bool> paired = pairedOf(pairs, before.size());
  for (std::size_t j = 0; j < after.size(); ++j) {
    for (std::size_t i = 0; i < before.size() && !pairs[j]; ++i) {
      if (paired[i] || !same(before[i], after[j])) continue;
      paired[i] = true;
      pairs[j] = FindingPair{i, 1};
    }
  }
}

std::vector<Frame> stackOf(const NamedFinding& finding) {
  if (!finding.stacks.empty()) return finding.stacks.front().frames;
  if (!finding.stack.empty()) return finding.stack;
  const Place& place = finding.place;
  Frame frame;
  frame.function = place.function.empty() ? finding.growth.subject : place.function;
  frame.file = place.file;
  frame.line = place.line;
  frame.module = place.module;
  return {frame};
}

// One report's unpaired findings, as stacks. A finding's kind counts as its scope.
struct Unpaired {
  std::vector<std::size_t> findings;
  std::vector<std::vector<Frame>> frames;
  std::vector<std::string> scopes;

  void add(std::size_t index, const NamedFinding& finding) {
    findings.push_back(index);
    frames.push_back(stackOf(finding));
    scopes.push_back(std::string(toString(finding.growth.kind)) + " " + finding.growth.scope);
  }
  std::vector<PairableStack> stacks() const {
    std::vector<PairableStack> result;
    for (std::size_t i = 0; i < frames.size(); ++i) result.push_back({frames[i], scopes[i]});
    return result;
  }
};

std::vector<FindingIdentity> identitiesOf(std::span<const NamedFinding* const> findings) {
  std::vector<FindingIdentity> identities;
  for (const NamedFinding* finding : findings) identities.push_back({finding->fingerprint, finding->site});
  return identities;
}

}  // namespace

std::vector<std::optional<FindingPair>> pairFindings(std::span<const FindingIdentity> before,
                                                     std::span<const FindingIdentity> after) {
  Pairs pairs(after.size());
  pairBy(sameDefect, before, after, pairs);
  pairBy(sameSite, before, after, pairs);
  return pairs;
}

std::vector<std::optional<FindingPair>> pairFindings(std::span<const NamedFinding* const> before,
                                                     std::span<const NamedFinding* const> after) {
  Pairs pairs = pairFindings(identitiesOf(before), identitiesOf(after));
  Unpaired old;
  Unpaired fresh;
  const std::vector<bool> paired = pairedOf(pairs, before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    if (!paired[i]) old.add(i, *before[i]);
  for (std::size_t j = 0; j < after.size(); ++j)
    if (!pairs[j]) fresh.add(j, *after[j]);
  for (const StackPair& pair : pairStacks(old.stacks(), fresh.stacks()).pairs) {
    const std::size_t i = old.findings[pair.before];
    const std::size_t j = fresh.findings[pair.after];
    if (before[i]->growth.kind == after[j]->growth.kind) pairs[j] = FindingPair{i, pair.similarity};
  }
  return pairs;
}

}  // namespace leakgate
