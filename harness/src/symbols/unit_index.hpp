// Finds the unit of debug information that describes an address.
#pragma once

#include <elfutils/libdw.h>

#include <string>
#include <vector>

namespace leakgate {

/// A compilation unit. With split DWARF its lines are in the program and its functions in a .dwo file.
struct DebugUnit {
  Dwarf_Die lines{};          ///< has the line table
  Dwarf_Die code{};           ///< has the functions; the same as `lines` unless split
  std::string missingFile{};  ///< the .dwo file with the functions, if it could not be read
};

/// All units of a file, by the addresses that they claim to cover.
///
/// libdw's own search needs .debug_aranges, which clang does not write and which lists only the objects of
/// GCC in a program of both. Lifetime: as long as its Dwarf.
class UnitIndex {
 public:
  UnitIndex() = default;
  /// `dwarf` may be nullptr: no units.
  explicit UnitIndex(Dwarf* dwarf);

  /// The units that may describe an address, the most likely one first.
  std::vector<const DebugUnit*> at(Dwarf_Addr address) const;

 private:
  struct Range {
    Dwarf_Addr low, high;
    std::size_t unit;
  };
  void add(const Dwarf_Die& unit, const Dwarf_Die& split);

  std::vector<DebugUnit> units_;
  std::vector<Range> ranges_;          ///< by their starts
  std::vector<std::size_t> unranged_;  ///< units that do not say what they cover
};

}  // namespace leakgate
