#include "scenario/nearest_names.hpp"

#include <algorithm>
#include <optional>

namespace leakgate {
namespace {

constexpr std::size_t kMaxNames = 3;
constexpr std::size_t kShortestBeginning = 4;

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return small;
}

// Number of letters to change, remove, insert or swap with a neighbour (optimal string alignment).
std::size_t editsBetween(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> edits(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) edits[i][0] = i;
  for (std::size_t k = 0; k <= b.size(); ++k) edits[0][k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t changed = edits[i - 1][k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
      edits[i][k] = std::min({edits[i - 1][k] + 1, edits[i][k - 1] + 1, changed});
      const bool exchanged = i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1];
      if (exchanged) edits[i][k] = std::min(edits[i][k], edits[i - 2][k - 2] + 1);
    }
  }
  return edits[a.size()][b.size()];
}

// The distance, or nothing when the names are not similar. A prefix ranks after every misspelling.
std::optional<std::size_t> distanceOf(const std::string& word, const std::string& name) {
  const std::size_t longer = std::max(word.size(), name.size());
  const std::size_t edits = editsBetween(word, name);
  if (edits <= std::max<std::size_t>(1, longer / 4)) return edits;
  const bool begins = name.starts_with(word) || word.starts_with(name);
  if (begins && std::min(word.size(), name.size()) >= kShortestBeginning) return longer + edits;
  return std::nullopt;
}

}  // namespace

std::vector<std::string> nearestNames(std::string_view word, const std::vector<std::string>& known) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& name : known) {
    if (const auto distance = distanceOf(lower(word), lower(name))) near.emplace_back(*distance, name);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  if (near.size() > kMaxNames) near.resize(kMaxNames);
  std::vector<std::string> names;
  names.reserve(near.size());
  for (auto& [distance, name] : near) names.push_back(std::move(name));
  return names;
}

std::string didYouMean(std::string_view word, const std::vector<std::string>& known) {
  const auto names = nearestNames(word, known);
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k) {
    text += k == 0 ? "did you mean " : k + 1 == names.size() ? " or " : ", ";
    text += names[k];
  }
  if (!text.empty()) text += '?';
  return text;
}

std::string listOf(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace leakgate
