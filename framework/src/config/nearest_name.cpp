#include "config/nearest_name.hpp"

#include <algorithm>
#include <cstddef>

#include "http/ascii_case.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxNameBytes = 64;  // of what is compared: the cost is the product of the lengths

std::string folded(std::string_view name) {
  std::string text;
  for (const char c : name.substr(0, kMaxNameBytes))
    if (c != '_' && c != '-') text += toLowerAscii(c);
  return text;
}

// How many bytes are inserted, removed, replaced or exchanged with their neighbour (optimal string alignment).
std::size_t editsBetween(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> edits(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) edits[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) edits[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = edits[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      edits[i][j] = std::min({replaced, edits[i - 1][j] + 1, edits[i][j - 1] + 1});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
    }
  }
  return edits[a.size()][b.size()];
}

}  // namespace

std::string nearestName(std::string_view found, const std::vector<std::string>& names) {
  const std::string wanted = folded(found);
  std::string nearest;
  std::size_t fewest = 0;
  for (const std::string& name : names) {
    const std::size_t edits = editsBetween(wanted, folded(name));
    if (edits * 3 > name.size() || (!nearest.empty() && edits >= fewest)) continue;
    nearest = name;
    fewest = edits;
  }
  return nearest;
}

}  // namespace h3
