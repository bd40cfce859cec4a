// The functions of one unit of debug information: their addresses and their scopes.
#pragma once

#include <elfutils/libdw.h>

#include <unordered_map>
#include <vector>

namespace leakgate {

/// Reads a unit's tree once.
///
/// dwarf_getscopes() enters a DIE only if its parent covers the address too. GCC nests an out-of-line lambda
/// in the enclosing function, whose own code is elsewhere, so it would not be found.
class UnitFunctions {
 public:
  explicit UnitFunctions(Dwarf_Die unit);

  /// The function whose own code is at an address, out of line; nullptr when there is none.
  const Dwarf_Die* at(Dwarf_Addr address) const;

  /// The namespace, type or function in which a DIE is declared; nullptr at the top, and for other DIEs.
  const Dwarf_Die* scopeOf(const Dwarf_Die& die) const;

 private:
  struct Range {
    Dwarf_Addr low, high;
    std::size_t function;
  };
  void readChildren(Dwarf_Die parent, const Dwarf_Die* scope, int depth);
  void addFunction(Dwarf_Die function);

  std::vector<Dwarf_Die> functions_;
  std::vector<Range> ranges_;                          ///< by their starts
  std::unordered_map<const void*, Dwarf_Die> scopes_;  ///< by a DIE's address in memory
};

/// The inlined functions around an address in `function`, the innermost first.
std::vector<Dwarf_Die> inlinedAt(const Dwarf_Die& function, Dwarf_Addr address);

}  // namespace leakgate
