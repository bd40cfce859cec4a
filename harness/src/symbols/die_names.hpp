// Names functions from debug information, with the scopes in which they are declared.
#pragma once

#include <elfutils/libdw.h>

#include <map>
#include <string>

#include "symbols/unit_functions.hpp"

namespace leakgate {

/// The DIE that a copy of the code was made from; it has the scopes.
Dwarf_Die declarationOf(Dwarf_Die die);

/// Reads each used unit once, including declarations in other units (LTO, dwz). Lifetime: as long as the
/// Dwarf of the DIEs.
class DieNames {
 public:
  /// "specimen::Timers::callLater"; by its linkage name where it has one. "" when it has no name.
  std::string nameOf(const Dwarf_Die& function);

  const UnitFunctions& functionsOf(const Dwarf_Die& unit);

 private:
  std::string spelled(const Dwarf_Die& die, int depth);

  std::map<const void*, UnitFunctions> units_;  ///< by the unit's address in memory
};

}  // namespace leakgate
