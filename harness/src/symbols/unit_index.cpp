#include "symbols/unit_index.hpp"

#include <dwarf.h>

#include <algorithm>
#include <cstdint>

namespace leakgate {

namespace {

bool hasCode(Dwarf_Die die) {
  const int tag = dwarf_tag(&die);
  return tag == DW_TAG_compile_unit || tag == DW_TAG_skeleton_unit;
}

// "build/server.dwo", as the compiler named it; "" for a unit that is not split.
std::string splitFileOf(Dwarf_Die unit) {
  Dwarf_Attribute memory;
  for (const unsigned attribute : {DW_AT_dwo_name, DW_AT_GNU_dwo_name}) {
    if (const char* name = dwarf_formstring(dwarf_attr(&unit, attribute, &memory))) return name;
  }
  return "";
}

}  // namespace

UnitIndex::UnitIndex(Dwarf* dwarf) {
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die{};
  Dwarf_Die split{};
  Dwarf_Half version = 0;
  std::uint8_t type = 0;
  while (dwarf != nullptr && dwarf_get_units(dwarf, unit, &unit, &version, &type, &die, &split) == 0) {
    if (hasCode(die)) add(die, split);
  }
  std::stable_sort(ranges_.begin(), ranges_.end(),
                   [](const Range& a, const Range& b) { return a.low < b.low; });
}

void UnitIndex::add(const Dwarf_Die& unit, const Dwarf_Die& split) {
  const std::size_t number = units_.size();
  if (split.addr == nullptr)
    units_.push_back({unit, unit, splitFileOf(unit)});
  else
    units_.push_back({unit, split, ""});
  const std::size_t before = ranges_.size();
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  std::ptrdiff_t at = 0;
  while ((at = dwarf_ranges(&units_.back().lines, at, &base, &low, &high)) > 0) {
    // Functions that the linker has discarded start at 0.
    if (low != 0 && high > low) ranges_.push_back({low, high, number});
  }
  if (ranges_.size() == before) unranged_.push_back(number);
}

std::vector<const DebugUnit*> UnitIndex::at(Dwarf_Addr address) const {
  std::vector<const DebugUnit*> found;
  auto range = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                [](Dwarf_Addr wanted, const Range& r) { return wanted < r.low; });
  // Ranges rarely overlap: mostly only the last one that starts before the address can match.
  constexpr int kMaxOverlapping = 16;
  for (int looked = 0; range != ranges_.begin() && looked < kMaxOverlapping; ++looked) {
    --range;
    if (address < range->high) found.push_back(&units_[range->unit]);
  }
  for (const std::size_t unit : unranged_) found.push_back(&units_[unit]);
  return found;
}

}  // namespace leakgate
