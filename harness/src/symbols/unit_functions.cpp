#include "symbols/unit_functions.hpp"

#include <dwarf.h>

#include <algorithm>

namespace leakgate {

namespace {

constexpr int kMaxDepth = 500;  ///< of nested DIEs; corrupt files only

// Whether the DIE may contain functions, or be the scope of one.
bool mayHoldFunctions(int tag) {
  switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_interface_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_subprogram:
    case DW_TAG_lexical_block:
    case DW_TAG_inlined_subroutine:
    case DW_TAG_try_block:
    case DW_TAG_catch_block:
      return true;
    default:
      return false;
  }
}

bool isScope(int tag) {
  return mayHoldFunctions(tag) && tag != DW_TAG_lexical_block && tag != DW_TAG_inlined_subroutine &&
         tag != DW_TAG_try_block && tag != DW_TAG_catch_block;
}

bool holds(Dwarf_Die die, Dwarf_Addr address) { return dwarf_haspc(&die, address) == 1; }

// Collects the deepest chain of inlined functions below `parent`, outermost first.
bool findInlined(Dwarf_Die parent, Dwarf_Addr address, int depth, std::vector<Dwarf_Die>& chain) {
  Dwarf_Die child{};
  if (depth > kMaxDepth || dwarf_child(&parent, &child) != 0) return false;
  do {
    const int tag = dwarf_tag(&child);
    if (!mayHoldFunctions(tag) || tag == DW_TAG_subprogram) continue;
    const bool inlined = tag == DW_TAG_inlined_subroutine;
    if (inlined) chain.push_back(child);
    // A block's ranges may not cover functions inlined in it: search all of them.
    if (findInlined(child, address, depth + 1, chain) || (inlined && holds(child, address))) return true;
    if (inlined) chain.pop_back();
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

}  // namespace

UnitFunctions::UnitFunctions(Dwarf_Die unit) {
  readChildren(unit, nullptr, 0);
  std::stable_sort(ranges_.begin(), ranges_.end(),
                   [](const Range& a, const Range& b) { return a.low < b.low; });
}

void UnitFunctions::readChildren(Dwarf_Die parent, const Dwarf_Die* scope, int depth) {
  Dwarf_Die child{};
  if (depth > kMaxDepth || dwarf_child(&parent, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (!mayHoldFunctions(tag)) continue;
    if (isScope(tag) && scope != nullptr) scopes_.emplace(child.addr, *scope);
    if (tag == DW_TAG_subprogram) addFunction(child);
    readChildren(child, isScope(tag) ? &child : scope, depth + 1);
  } while (dwarf_siblingof(&child, &child) == 0);
}

void UnitFunctions::addFunction(Dwarf_Die function) {
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  bool first = true;
  for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&function, at, &base, &low, &high)) > 0;) {
    if (low == 0 || high <= low) continue;
    if (first) functions_.push_back(function);
    first = false;
    ranges_.push_back({low, high, functions_.size() - 1});
  }
}

const Dwarf_Die* UnitFunctions::at(Dwarf_Addr address) const {
  auto range = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                [](Dwarf_Addr wanted, const Range& r) { return wanted < r.low; });
  if (range == ranges_.begin() || address >= (--range)->high) return nullptr;
  return &functions_[range->function];
}

const Dwarf_Die* UnitFunctions::scopeOf(const Dwarf_Die& die) const {
  const auto found = scopes_.find(die.addr);
  return found == scopes_.end() ? nullptr : &found->second;
}

std::vector<Dwarf_Die> inlinedAt(const Dwarf_Die& function, Dwarf_Addr address) {
  std::vector<Dwarf_Die> chain;
  findInlined(function, address, 0, chain);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

}  // namespace leakgate
