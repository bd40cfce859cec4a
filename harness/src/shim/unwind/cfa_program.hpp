// The call frame instructions of .eh_frame (DWARF 5, section 6.4.2), run up to one place in the code.
#pragma once

#include <stdint.h>

#include "shim/unwind/byte_reader.hpp"
#include "shim/unwind/frame_rule.hpp"

namespace leakgate::shim {

enum class Saved : uint8_t { untold, same, undefined, atCfa, atExpression, elsewhere };

/// Where a register of the caller is.
struct SavedRegister {
  Saved where;
  int64_t offset;  ///< atCfa
  ByteReader expression;
};

struct FrameRow {
  bool cfaIsExpression;
  uint64_t cfaRegister;  ///< DWARF number
  int64_t cfaOffset;
  ByteReader cfaExpression;
  SavedRegister bp;
  SavedRegister returnAddress;
};

/// The parts of a CIE that the instructions need.
struct CodeUnits {
  uint64_t codeAlign;
  int64_t dataAlign;
  uint64_t returnRegister;
  bool isSignalFrame;
  ByteReader initial;  ///< instructions of the CIE
};

/// Runs the CIE's instructions and then `own`, of an FDE whose code begins at `start`, until the row for
/// `address`. False for an unknown instruction, or when more than eight rows are remembered.
bool runCfaProgram(const CodeUnits& units, ByteReader own, uint64_t start, uint64_t address,
                   FrameRow& row) noexcept;

/// Converts the row to a rule; CfaRule::other when it does not fit.
FrameRule packRow(const FrameRow& row, bool isSignalFrame) noexcept;

}  // namespace leakgate::shim
