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

// Levenshtein's distance, a row at a time.
std::size_t editsBetween(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
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
