#include "symbols/allocation_function.hpp"

#include <dwarf.h>

#include <string_view>

#include "symbols/die_names.hpp"

namespace leakgate {

namespace {

constexpr int kMaxHops = 32;  ///< of typedefs and qualifiers; corrupt files only

// The type of a function or a parameter. False for void.
bool readType(Dwarf_Die die, Dwarf_Die& type) {
  Dwarf_Attribute memory;
  return dwarf_formref_die(dwarf_attr_integrate(&die, DW_AT_type, &memory), &type) != nullptr;
}

bool isTransparent(int tag) {
  return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
         tag == DW_TAG_restrict_type;
}

bool returnsUntypedMemory(const Dwarf_Die& function) {
  Dwarf_Die type{};
  bool known = readType(function, type);
  for (int hops = 0; known && hops < kMaxHops && isTransparent(dwarf_tag(&type)); ++hops)
    known = readType(type, type);
  Dwarf_Die pointed{};
  return known && dwarf_tag(&type) == DW_TAG_pointer_type && !readType(type, pointed);
}

bool isSize(const Dwarf_Die& parameter) {
  Dwarf_Die type{};
  bool known = readType(parameter, type);
  for (int hops = 0; known && hops < kMaxHops && isTransparent(dwarf_tag(&type)); ++hops) {
    const char* name = dwarf_tag(&type) == DW_TAG_typedef ? dwarf_diename(&type) : nullptr;
    if (name != nullptr && std::string_view(name) == "size_t") return true;
    known = readType(type, type);
  }
  return false;
}

}  // namespace

bool isAllocationFunction(const Dwarf_Die& function) {
  if (!returnsUntypedMemory(function)) return false;
  // A copy of the code may lack unused parameters.
  Dwarf_Die declared = declarationOf(function);
  Dwarf_Die child{};
  for (int found = dwarf_child(&declared, &child); found == 0; found = dwarf_siblingof(&child, &child)) {
    if (dwarf_tag(&child) == DW_TAG_formal_parameter && isSize(child)) return true;
  }
  return false;
}

}  // namespace leakgate
