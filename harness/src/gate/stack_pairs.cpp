#include "gate/stack_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "gate/frame_names.hpp"

namespace leakgate {

namespace {

// Each stack is compared in full only with this many others: those with the rarest functions in common.
constexpr std::size_t kMaxCandidates = 12;
constexpr std::size_t kMaxLooked = 600;
// Renames of neighbours hide each other: the next round finds those that the last one uncovered.
constexpr int kMaxRenameRounds = 4;
constexpr double kOtherScope = 0.8;

// One build's stacks, of which some are paired already.
struct Side {
  std::span<const PairableStack> stacks;
  std::vector<NameStack> names;
  std::vector<std::size_t> open;  ///< unpaired

  Side(FrameNames& interned, FrameNames::Build build, std::span<const PairableStack> all) : stacks(all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      names.push_back(interned.add(build, all[i].frames));
      open.push_back(i);
    }
  }

  std::vector<NameStack*> openNames() {
    std::vector<NameStack*> result;
    for (const std::size_t i : open) result.push_back(&names[i]);
    return result;
  }
};

// Without debug information a frame is known by its module.
std::string_view nameOf(const Frame& frame) {
  return frame.function.empty() ? std::string_view(frame.module) : std::string_view(frame.function);
}

using Key = std::size_t;

void mix(Key& key, Key value) { key ^= value + 0x9e3779b97f4a7c15u + (key << 6) + (key >> 2); }
void mix(Key& key, std::string_view text) { mix(key, std::hash<std::string_view>()(text)); }

Key linesOf(const Side& side, std::size_t i) {
  Key key = 0;
  mix(key, side.stacks[i].scope);
  for (const Frame& frame : side.stacks[i].frames) {
    mix(key, nameOf(frame));
    mix(key, frame.file);
    mix(key, frame.line);
  }
  return key;
}

Key functionsOf(const Side& side, std::size_t i) {
  Key key = 0;
  mix(key, side.stacks[i].scope);
  for (const Frame& frame : side.stacks[i].frames) mix(key, nameOf(frame));
  return key;
}

Key namesOf(const Side& side, std::size_t i) {
  Key key = 0;
  mix(key, side.stacks[i].scope);
  for (const NameId name : side.names[i]) mix(key, name);
  return key;
}

class Pairing {
 public:
  Pairing(std::span<const PairableStack> before, std::span<const PairableStack> after)
      : before_(names_, FrameNames::Build::before, before), after_(names_, FrameNames::Build::after, after) {}

  StackPairs run() {
    pairEqual(linesOf, 1);
    pairEqual(functionsOf, 1);
    pairEqual(namesOf, 1);
    for (int round = 0; round < kMaxRenameRounds && !before_.open.empty() && !after_.open.empty(); ++round) {
      if (names_.mergeRenamed(before_.openNames(), after_.openNames()) == 0) break;
      pairEqual(namesOf, kRenamed);
    }
    pairSimilar();
    std::sort(result_.pairs.begin(), result_.pairs.end(),
              [](const StackPair& a, const StackPair& b) { return a.after < b.after; });
    result_.gone = before_.open;
    result_.added = after_.open;
    return std::move(result_);
  }

 private:
  static constexpr double kRenamed = 0.95;

  void pair(std::size_t before, std::size_t after, double similarity) {
    result_.pairs.push_back({before, after, similarity});
  }

  // Pairs the open stacks with equal keys, in their order.
  void pairEqual(Key (*keyOf)(const Side&, std::size_t), double similarity) {
    std::unordered_map<Key, std::vector<std::size_t>> byKey;
    for (auto i = before_.open.rbegin(); i != before_.open.rend(); ++i)
      byKey[keyOf(before_, *i)].push_back(*i);
    std::vector<bool> paired(before_.stacks.size());
    std::erase_if(after_.open, [&](std::size_t j) {
      const auto found = byKey.find(keyOf(after_, j));
      if (found == byKey.end() || found->second.empty()) return false;
      const std::size_t i = found->second.back();
      found->second.pop_back();
      paired[i] = true;
      pair(i, j, similarity);
      return true;
    });
    std::erase_if(before_.open, [&](std::size_t i) { return paired[i]; });
  }

  // How rare each function is among the open stacks of both builds, in bits or so.
  std::vector<double> rarities() const {
    std::vector<double> count(names_.count());
    double stacks = 1;
    for (const Side* side : {&before_, &after_}) {
      for (const std::size_t i : side->open) {
        NameStack names = side->names[i];
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        for (const NameId id : names) ++count[id];
        ++stacks;
      }
    }
    for (double& value : count) value = std::log2(1 + stacks / std::max(value, 1.0));
    return count;
  }

  // The share of the frames, by rarity, that stand in both stacks in the same order.
  double similarity(std::size_t i, std::size_t j, const std::vector<double>& rarity) const {
    const NameStack& a = before_.names[i];
    const NameStack& b = after_.names[j];
    std::vector<double> row(b.size() + 1);  // the largest common part of a's start and b's start
    double total = 0;
    for (const NameId name : b) total += rarity[name];
    for (const NameId name : a) {
      total += rarity[name];
      double diagonal = 0;
      for (std::size_t k = 0; k < b.size(); ++k) {
        const double above = row[k + 1];
        row[k + 1] = name == b[k] ? diagonal + rarity[name] : std::max(above, row[k]);
        diagonal = above;
      }
    }
    const double share = total == 0 ? 0 : 2 * row.back() / total;
    return before_.stacks[i].scope == after_.stacks[j].scope ? share : share * kOtherScope;
  }

  // The older stacks with the rarest functions in common with this newer one. `common`: a zero for each older
  // stack, as it is on return.
  std::vector<std::size_t> candidatesFor(std::size_t j, const std::vector<double>& rarity,
                                         const std::vector<std::vector<std::size_t>>& stacksWith,
                                         std::vector<double>& common) const {
    NameStack names = after_.names[j];
    std::sort(names.begin(), names.end(), [&](NameId a, NameId b) { return rarity[a] > rarity[b]; });
    std::vector<std::size_t> candidates;
    std::size_t looked = 0;
    for (const NameId name : names) {
      // The functions of every stack add nothing but time once there are enough candidates.
      if (candidates.size() >= kMaxCandidates && looked > kMaxLooked) break;
      looked += stacksWith[name].size();
      for (const std::size_t i : stacksWith[name]) {
        if (common[i] == 0) candidates.push_back(i);
        common[i] += rarity[name];
      }
    }
    const std::size_t kept = std::min(candidates.size(), kMaxCandidates);
    std::partial_sort(
        candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(kept), candidates.end(),
        [&](std::size_t a, std::size_t b) { return std::tuple(-common[a], a) < std::tuple(-common[b], b); });
    for (const std::size_t i : candidates) common[i] = 0;
    candidates.resize(kept);
    return candidates;
  }

  void pairSimilar() {
    const std::vector<double> rarity = rarities();
    std::vector<std::vector<std::size_t>> stacksWith(names_.count());
    for (const std::size_t i : before_.open)
      for (const NameId name : before_.names[i]) stacksWith[name].push_back(i);

    std::vector<double> common(before_.stacks.size());
    std::vector<StackPair> similar;
    for (const std::size_t j : after_.open) {
      for (const std::size_t i : candidatesFor(j, rarity, stacksWith, common)) {
        const double score = similarity(i, j, rarity);
        if (score >= kLeastSimilarity) similar.push_back({i, j, score});
      }
    }
    std::stable_sort(similar.begin(), similar.end(),
                     [](const StackPair& a, const StackPair& b) { return a.similarity > b.similarity; });
    std::vector<bool> beforePaired(before_.stacks.size());
    std::vector<bool> afterPaired(after_.stacks.size());
    for (const StackPair& candidate : similar) {
      if (beforePaired[candidate.before] || afterPaired[candidate.after]) continue;
      beforePaired[candidate.before] = afterPaired[candidate.after] = true;
      pair(candidate.before, candidate.after, candidate.similarity);
    }
    std::erase_if(before_.open, [&](std::size_t i) { return beforePaired[i]; });
    std::erase_if(after_.open, [&](std::size_t j) { return afterPaired[j]; });
  }

  FrameNames names_;
  Side before_;
  Side after_;
  StackPairs result_;
};

}  // namespace

StackPairs pairStacks(std::span<const PairableStack> before, std::span<const PairableStack> after) {
  return Pairing(before, after).run();
}

}  // namespace leakgate
