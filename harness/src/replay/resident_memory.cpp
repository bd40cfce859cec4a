#include "replay/resident_memory.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>

namespace leakgate {
namespace {

constexpr std::uint64_t kKibibyte = 1024;

struct Area {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t anonymous = 0;
  std::uint64_t swapped = 0;
  std::uint64_t lazilyFreed = 0;
  std::uint64_t share = 0;  ///< of all pages: each divided by the processes that have it
  std::uint64_t inode = 0;
  std::string name;

  bool isShared() const { return name == kSharedAnonymousName; }

  std::uint64_t resident() const {
    if (isShared()) return share + swapped;
    const std::uint64_t all = anonymous + swapped;
    return all > lazilyFreed ? all - lazilyFreed : 0;
  }
};

template <class Number>
bool read(std::string_view text, Number& number, int base) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

std::string_view withoutWords(std::string_view line, int words) {
  for (int word = 0; word < words; ++word) {
    line.remove_prefix(std::min(line.find(' '), line.size()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  }
  return line;
}

std::string_view wordOf(std::string_view line, int index) {
  line = withoutWords(line, index);
  return line.substr(0, line.find(' '));
}

// "55d0c000-55d2d000 rw-p 00000000 00:00 0      [heap]": five words, the fifth the inode, then a name that may
// contain blanks.
std::string nameIn(std::string_view line) {
  const std::string_view name = withoutWords(line, 5);
  return name.empty() ? kAnonymousName : std::string(name);
}

std::optional<Area> headerIn(std::string_view line) {
  const auto dash = line.find('-');
  const auto blank = line.find(' ');
  if (dash == std::string_view::npos || blank == std::string_view::npos || dash > blank) return std::nullopt;
  Area area;
  if (!read(line.substr(0, dash), area.start, 16) ||
      !read(line.substr(dash + 1, blank - dash - 1), area.end, 16)) {
    return std::nullopt;
  }
  area.name = nameIn(line);
  if (area.isShared()) read(wordOf(line, 4), area.inode, 10);
  return area;
}

// "Anonymous:            112 kB"
void readField(Area& area, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  std::uint64_t* const field = name == "Anonymous"  ? &area.anonymous
                               : name == "Pss"      ? &area.share
                               : name == "Swap"     ? &area.swapped
                               : name == "LazyFree" ? &area.lazilyFreed
                                                    : nullptr;
  if (field == nullptr) return;
  line.remove_prefix(colon + 1);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  std::uint64_t kibibytes = 0;
  if (read(line.substr(0, line.find(' ')), kibibytes, 10)) *field = kibibytes * kKibibyte;
}

void addArea(ResidentMemory& memory, pid_t pid, const Area& area) {
  const std::uint64_t resident = area.resident();
  if (resident == 0) return;
  memory.bytes += resident;
  memory.byName[area.name] += resident;
  if (area.isShared()) {
    const auto known = std::find_if(memory.largest.begin(), memory.largest.end(),
                                    [&](const ResidentArea& old) { return old.inode == area.inode; });
    if (known != memory.largest.end()) {
      known->resident += resident;
      return;
    }
  }
  memory.largest.push_back({pid, area.start, area.end - area.start, resident, area.inode});
}

void keepLargest(std::vector<ResidentArea>& areas) {
  std::stable_sort(areas.begin(), areas.end(),
                   [](const ResidentArea& a, const ResidentArea& b) { return a.resident > b.resident; });
  if (areas.size() > kMaxResidentAreas) areas.resize(kMaxResidentAreas);
}

}  // namespace

void addSmaps(ResidentMemory& memory, pid_t pid, std::istream& smaps) {
  Area area;
  for (std::string line; std::getline(smaps, line);) {
    if (auto next = headerIn(line)) {
      addArea(memory, pid, area);
      area = std::move(*next);
    } else {
      readField(area, line);
    }
  }
  addArea(memory, pid, area);
  keepLargest(memory.largest);
}

ResidentMemory sampleResidentMemory(const std::set<pid_t>& pids) {
  ResidentMemory memory;
  for (const pid_t pid : pids) {
    std::ifstream smaps("/proc/" + std::to_string(pid) + "/smaps");
    addSmaps(memory, pid, smaps);
  }
  return memory;
}

}  // namespace leakgate
