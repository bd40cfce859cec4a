#include "gate/frame_names.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "symbols/function_name.hpp"
#include "symbols/module_name.hpp"

namespace leakgate {

namespace {

// A renamed function has at least this much in common with its old self: neighbours, and name or file.
constexpr double kLeastRename = 0.45;
// Two names of one file are as alike as names that share this much of their characters.
constexpr double kSameFile = 0.7;

std::string_view fileNameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

using Bigrams = std::vector<std::pair<char, char>>;

Bigrams bigramsOf(std::string_view text) {
  Bigrams bigrams;
  for (std::size_t i = 1; i < text.size(); ++i) bigrams.emplace_back(text[i - 1], text[i]);
  std::sort(bigrams.begin(), bigrams.end());
  return bigrams;
}

constexpr NameId kNoName = ~NameId{0};

using NameSet = std::unordered_set<NameId>;

FrameNames::Neighbours neighboursOf(const std::vector<NameStack*>& stacks, const NameSet& wanted) {
  FrameNames::Neighbours neighbours;
  for (const NameStack* stack : stacks) {
    for (std::size_t i = 0; i < stack->size(); ++i) {
      if (wanted.count((*stack)[i]) == 0) continue;
      auto& around = neighbours[(*stack)[i]];
      around.insert({true, i == 0 ? kNoName : (*stack)[i - 1]});
      around.insert({false, i + 1 == stack->size() ? kNoName : (*stack)[i + 1]});
    }
  }
  return neighbours;
}

// Whether it is only known as a stack of one frame.
bool isAlone(const std::set<FrameNames::Neighbour>& around) {
  return std::all_of(around.begin(), around.end(), [](const auto& each) { return each.name == kNoName; });
}

double shareInCommon(const std::set<FrameNames::Neighbour>& a, const std::set<FrameNames::Neighbour>& b) {
  std::vector<FrameNames::Neighbour> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return static_cast<double>(common.size()) / static_cast<double>(std::min(a.size(), b.size()));
}

}  // namespace

double nameSimilarity(std::string_view a, std::string_view b) {
  if (a == b) return 1;
  const Bigrams left = bigramsOf(a);
  const Bigrams right = bigramsOf(b);
  if (left.empty() || right.empty()) return 0;
  Bigrams common;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(left.size() + right.size());
}

NameId FrameNames::idOf(const Frame& frame) {
  if (const auto known = spellings_.find(frame.function); known != spellings_.end()) return known->second;
  std::string text =
      frame.function.empty() ? "in " + std::string(withoutVersion(frame.module)) : stableName(frame.function);
  const auto [entry, isNew] = ids_.try_emplace(std::move(text), static_cast<NameId>(names_.size()));
  if (isNew) names_.push_back({entry->first, std::string(fileNameOf(frame.file))});
  if (!frame.function.empty()) spellings_.emplace(frame.function, entry->second);
  return entry->second;
}

NameStack FrameNames::add(Build build, std::span<const Frame> frames) {
  NameStack stack;
  for (const Frame& frame : frames) {
    const NameId id = idOf(frame);
    (build == Build::before ? names_[id].before : names_[id].after) = true;
    if (stack.empty() || stack.back() != id) stack.push_back(id);
  }
  return stack;
}

std::size_t FrameNames::mergeRenamed(const std::vector<NameStack*>& before,
                                     const std::vector<NameStack*>& after) {
  NameSet vanished;
  NameSet appeared;
  for (NameId id = 0; id < names_.size(); ++id) {
    const Name& name = names_[id];
    if (name.before && !name.after) vanished.insert(id);
    if (name.after && !name.before) appeared.insert(id);
  }
  std::unordered_map<NameId, NameId> olderName;
  for (const Rename& rename : likelyRenames(neighboursOf(before, vanished), neighboursOf(after, appeared))) {
    if (vanished.count(rename.from) == 0 || appeared.count(rename.to) == 0) continue;
    vanished.erase(rename.from);
    appeared.erase(rename.to);
    olderName[rename.to] = rename.from;
    names_[rename.from].after = names_[rename.to].before = true;
  }
  for (NameStack* stack : after)
    for (NameId& id : *stack)
      if (const auto found = olderName.find(id); found != olderName.end()) id = found->second;
  return olderName.size();
}

// The most similar first.
std::vector<FrameNames::Rename> FrameNames::likelyRenames(const Neighbours& vanished,
                                                          const Neighbours& appeared) const {
  std::map<Neighbour, std::vector<NameId>> beside;
  std::map<std::string_view, std::vector<NameId>> inFile;
  for (const auto& [id, around] : appeared) {
    for (const Neighbour& neighbour : around)
      if (neighbour.name != kNoName) beside[neighbour].push_back(id);
    if (isAlone(around) && !names_[id].file.empty()) inFile[names_[id].file].push_back(id);
  }
  std::vector<Rename> renames;
  for (const auto& [from, around] : vanished) {
    std::set<NameId> candidates;
    for (const Neighbour& neighbour : around) {
      if (const auto found = beside.find(neighbour); found != beside.end())
        candidates.insert(found->second.begin(), found->second.end());
    }
    if (const auto found = inFile.find(names_[from].file); found != inFile.end() && isAlone(around))
      candidates.insert(found->second.begin(), found->second.end());
    for (const NameId to : candidates) {
      const double similarity = shareInCommon(around, appeared.at(to)) * likeness(from, to, isAlone(around));
      if (similarity >= kLeastRename) renames.push_back({similarity, from, to});
    }
  }
  std::stable_sort(renames.begin(), renames.end(),
                   [](const Rename& a, const Rename& b) { return a.similarity > b.similarity; });
  return renames;
}

// Without callers the file alone does not tell one function from another.
double FrameNames::likeness(NameId a, NameId b, bool alone) const {
  const double similarity = nameSimilarity(names_[a].text, names_[b].text);
  const bool sameFile = !names_[a].file.empty() && names_[a].file == names_[b].file;
  return sameFile && !alone ? std::max(similarity, kSameFile) : similarity;
}

}  // namespace leakgate
