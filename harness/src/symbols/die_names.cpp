#include "symbols/die_names.hpp"

#include <dwarf.h>

#include "symbols/function_name.hpp"

namespace leakgate {

namespace {

constexpr int kMaxScopes = 64;

const char* linkageNameOf(Dwarf_Die function) {
  Dwarf_Attribute memory;
  for (const unsigned attribute : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (const char* name = dwarf_formstring(dwarf_attr_integrate(&function, attribute, &memory))) return name;
  }
  return nullptr;
}

std::string ownNameOf(Dwarf_Die die) {
  const char* name = dwarf_diename(&die);
  if (name != nullptr && *name != '\0') return name;
  switch (dwarf_tag(&die)) {
    case DW_TAG_namespace:
      return "(anonymous namespace)";
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
      return "{unnamed}";
    default:
      return "";
  }
}

}  // namespace

Dwarf_Die declarationOf(Dwarf_Die die) {
  Dwarf_Attribute memory;
  for (int hops = 0; hops < kMaxScopes; ++hops) {
    Dwarf_Die next{};
    bool found = false;
    for (const unsigned attribute : {DW_AT_abstract_origin, DW_AT_specification}) {
      found = dwarf_formref_die(dwarf_attr(&die, attribute, &memory), &next) != nullptr;
      if (found) break;
    }
    if (!found) break;
    die = next;
  }
  return die;
}

std::string DieNames::nameOf(const Dwarf_Die& function) {
  if (const char* linkage = linkageNameOf(function)) return readableName(linkage);
  return readableSpelling(spelled(function, 0));
}

std::string DieNames::spelled(const Dwarf_Die& die, int depth) {
  Dwarf_Die declared = declarationOf(die);
  std::string name = ownNameOf(declared);
  Dwarf_Die unit{};
  if (name.empty() || depth > kMaxScopes || dwarf_diecu(&declared, &unit, nullptr, nullptr) == nullptr)
    return name;
  const Dwarf_Die* scope = functionsOf(unit).scopeOf(declared);
  if (scope == nullptr) return name;
  // clang gives no name to the type of a lambda.
  std::string around = spelled(*scope, depth + 1);
  if (around.ends_with("{unnamed}") && name.starts_with("operator()"))
    around.replace(around.size() - 9, 9, "{lambda}");
  return around.empty() ? name : around + "::" + name;
}

const UnitFunctions& DieNames::functionsOf(const Dwarf_Die& unit) {
  return units_.try_emplace(unit.addr, unit).first->second;
}

}  // namespace leakgate
