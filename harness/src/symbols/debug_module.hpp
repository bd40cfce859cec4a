// A program or library with its debug information.
#pragma once

#include <elfutils/libdwfl.h>

#include <memory>
#include <string>
#include <vector>

#include "symbols/die_names.hpp"
#include "symbols/frame.hpp"
#include "symbols/unit_index.hpp"

namespace leakgate {

/// A file opened by elfutils as if it were loaded: maps the file's own addresses to frames. A file that
/// cannot be read has no frames and no symbols. Threads: one owner.   Memory: the debug information that was
/// used, until destroyed.
class DebugModule {
 public:
  explicit DebugModule(const std::string& path);
  DebugModule(const DebugModule&) = delete;
  DebugModule& operator=(const DebugModule&) = delete;

  /// The frames of an instruction, innermost first: those inlined there, then the function itself, each a
  /// copy of `blank` with names and lines. Without debug information, one frame from the symbol table.
  std::vector<Frame> framesAt(std::uint64_t address, const Frame& blank);

  /// The directory of the program's own sources, see projectRoot(); "" for a library.
  const std::string& project();

  /// The compiler of main(): "GNU C++20 12.2.0 -O2 ..."; "" when unknown.
  std::string producer();

  Elf* elf() const { return elf_; }

 private:
  struct DwflEnd {
    void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
  };

  /// Reads the list of units; the build-id is available without it.
  void load();
  const DebugUnit* unitOfMain(Dwarf_Addr& pc) const;
  bool addFrames(Dwarf_Addr pc, const Frame& blank, std::vector<Frame>& stack);
  void addInlined(const DebugUnit& unit, const Dwarf_Die& function, Dwarf_Addr pc, Frame current,
                  std::vector<Frame>& stack);
  void separateFromLine(const DebugUnit& unit, Frame& frame) const;
  std::string symbolAt(GElf_Addr address) const;
  std::string mangledSymbolAt(GElf_Addr address) const;

  std::unique_ptr<Dwfl, DwflEnd> dwfl_;
  Dwfl_Module* handle_ = nullptr;
  Elf* elf_ = nullptr;
  GElf_Addr bias_ = 0;        ///< Dwfl's addresses minus the file's own
  Dwarf_Addr dwarfBias_ = 0;  ///< Dwfl's addresses minus those of the debug information
  bool loaded_ = false;
  UnitIndex units_;
  DieNames names_;
  std::string project_;
};

}  // namespace leakgate
