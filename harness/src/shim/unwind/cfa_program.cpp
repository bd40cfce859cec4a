#include "shim/unwind/cfa_program.hpp"

#include <string.h>

namespace leakgate::shim {
namespace {

enum : uint8_t {
  kAdvance = 0x40,  // these three have their operand in the low six bits
  kOffset = 0x80,
  kRestore = 0xc0,
  kNop = 0x00,
  kAdvance1 = 0x02,
  kAdvance2 = 0x03,
  kAdvance4 = 0x04,
  kOffsetExtended = 0x05,
  kRestoreExtended = 0x06,
  kUndefined = 0x07,
  kSameValue = 0x08,
  kRegister = 0x09,
  kRememberState = 0x0a,
  kRestoreState = 0x0b,
  kDefCfa = 0x0c,
  kDefCfaRegister = 0x0d,
  kDefCfaOffset = 0x0e,
  kDefCfaExpression = 0x0f,
  kExpression = 0x10,
  kOffsetExtendedSf = 0x11,
  kDefCfaSf = 0x12,
  kDefCfaOffsetSf = 0x13,
  kValOffset = 0x14,
  kValOffsetSf = 0x15,
  kValExpression = 0x16,
  kGnuArgsSize = 0x2e,
};

constexpr uint64_t kBp = 6;
constexpr uint64_t kSp = 7;
constexpr unsigned kRememberedRows = 8;

class CfaProgram {
 public:
  CfaProgram(const CodeUnits& units, FrameRow& row, uint64_t start, uint64_t address) noexcept
      : units_(units), row_(row), location_(start), address_(address) {}

  bool runInitial() noexcept {
    const bool good = run(units_.initial);
    initialBp_ = row_.bp;
    initialReturn_ = row_.returnAddress;
    return good;
  }

  bool run(ByteReader code) noexcept {
    while (!code.atEnd() && !passed_) {
      if (!step(code)) return false;
    }
    return !code.failed();
  }

 private:
  bool step(ByteReader& code) noexcept {
    const auto instruction = code.fixed<uint8_t>();
    const uint64_t low = instruction & 0x3f;
    switch (instruction & 0xc0) {
      case kAdvance:
        return advance(low);
      case kOffset:
        return save(low, Saved::atCfa, static_cast<int64_t>(code.uleb()) * units_.dataAlign);
      case kRestore:
        return restore(low);
      default:
        return stepExtended(instruction, code);
    }
  }

  bool stepExtended(uint8_t instruction, ByteReader& code) noexcept {
    switch (instruction) {
      case kNop:
        return true;
      case kAdvance1:
        return advance(code.fixed<uint8_t>());
      case kAdvance2:
        return advance(code.fixed<uint16_t>());
      case kAdvance4:
        return advance(code.fixed<uint32_t>());
      case kRememberState:
        return remember();
      case kRestoreState:
        return recall();
      case kGnuArgsSize:
        return code.uleb(), true;
      default:
        return stepCfa(instruction, code) || stepRegister(instruction, code);
    }
  }

  bool stepCfa(uint8_t instruction, ByteReader& code) noexcept {
    switch (instruction) {
      case kDefCfa:
        row_.cfaRegister = code.uleb();
        return setCfaOffset(static_cast<int64_t>(code.uleb()));
      case kDefCfaSf:
        row_.cfaRegister = code.uleb();
        return setCfaOffset(code.sleb() * units_.dataAlign);
      case kDefCfaRegister:
        row_.cfaRegister = code.uleb();
        return setCfaOffset(row_.cfaOffset);
      case kDefCfaOffset:
        return setCfaOffset(static_cast<int64_t>(code.uleb()));
      case kDefCfaOffsetSf:
        return setCfaOffset(code.sleb() * units_.dataAlign);
      case kDefCfaExpression:
        row_.cfaIsExpression = true;
        row_.cfaExpression = code.take(code.uleb());
        return true;
      default:
        return false;
    }
  }

  bool stepRegister(uint8_t instruction, ByteReader& code) noexcept {
    const uint64_t number = code.uleb();
    switch (instruction) {
      case kOffsetExtended:
        return save(number, Saved::atCfa, static_cast<int64_t>(code.uleb()) * units_.dataAlign);
      case kOffsetExtendedSf:
        return save(number, Saved::atCfa, code.sleb() * units_.dataAlign);
      case kRestoreExtended:
        return restore(number);
      case kUndefined:
        return save(number, Saved::undefined, 0);
      case kSameValue:
        return save(number, Saved::same, 0);
      case kExpression:
        return saveAt(number, code.take(code.uleb()));
      case kRegister:
      case kValOffset:
        return code.uleb(), save(number, Saved::elsewhere, 0);
      case kValOffsetSf:
        return code.sleb(), save(number, Saved::elsewhere, 0);
      case kValExpression:
        return code.take(code.uleb()), save(number, Saved::elsewhere, 0);
      default:
        return false;
    }
  }

  bool advance(uint64_t steps) noexcept {
    location_ += steps * units_.codeAlign;
    passed_ = location_ > address_;
    return true;
  }

  bool setCfaOffset(int64_t offset) noexcept {
    row_.cfaIsExpression = false;
    row_.cfaOffset = offset;
    return true;
  }

  SavedRegister* followed(uint64_t number) noexcept {
    if (number == kBp) return &row_.bp;
    return number == units_.returnRegister ? &row_.returnAddress : nullptr;
  }

  bool save(uint64_t number, Saved where, int64_t offset) noexcept {
    if (SavedRegister* place = followed(number)) *place = {where, offset, {}};
    return true;
  }

  bool saveAt(uint64_t number, ByteReader expression) noexcept {
    if (SavedRegister* place = followed(number)) *place = {Saved::atExpression, 0, expression};
    return true;
  }

  bool restore(uint64_t number) noexcept {
    if (SavedRegister* place = followed(number)) *place = number == kBp ? initialBp_ : initialReturn_;
    return true;
  }

  bool remember() noexcept {
    if (remembered_ == kRememberedRows) return false;
    rows_[remembered_++] = row_;
    return true;
  }

  bool recall() noexcept {
    if (remembered_ == 0) return false;
    row_ = rows_[--remembered_];
    return true;
  }

  const CodeUnits& units_;
  FrameRow& row_;
  uint64_t location_;
  uint64_t address_;
  bool passed_ = false;
  unsigned remembered_ = 0;
  SavedRegister initialBp_{};
  SavedRegister initialReturn_{};
  FrameRow rows_[kRememberedRows];
};

constexpr uint8_t kBreg0 = 0x70;
constexpr uint8_t kDeref = 0x06;

// Whether it is "register + offset", with `deref` the word there.
bool isBased(ByteReader expression, uint64_t base, bool deref, int64_t& offset) noexcept {
  if (expression.fixed<uint8_t>() != kBreg0 + base) return false;
  offset = expression.sleb();
  if (deref && expression.fixed<uint8_t>() != kDeref) return false;
  return expression.atEnd() && !expression.failed();
}

// Whether it is the linker's expression for .plt: rsp + 8 + ((rip & 15) >= N) * 8. N is one operation
// (DW_OP_litN).
bool isPltExpression(ByteReader expression, int64_t& firstPushed) noexcept {
  static constexpr uint8_t kBefore[] = {0x77, 8, 0x80, 0, 0x3f, 0x1a};
  static constexpr uint8_t kAfter[] = {0x2a, 0x33, 0x24, 0x22};
  constexpr uint8_t kLit0 = 0x30;
  if (expression.left() != sizeof kBefore + 1 + sizeof kAfter) return false;
  const uint8_t* at = expression.at();
  firstPushed = at[sizeof kBefore] - kLit0;
  return memcmp(at, kBefore, sizeof kBefore) == 0 &&
         memcmp(at + sizeof kBefore + 1, kAfter, sizeof kAfter) == 0 && firstPushed >= 0 && firstPushed < 16;
}

bool setOffsets(FrameRule& rule, int64_t cfaOffset, int64_t bpOffset) noexcept {
  if (cfaOffset < -kCfaOffsetLimit || cfaOffset >= kCfaOffsetLimit) return false;
  if (bpOffset < -kBpOffsetLimit || bpOffset >= kBpOffsetLimit) return false;
  rule.cfaOffset = cfaOffset;
  rule.bpOffset = bpOffset;
  return true;
}

// The kernel's frame: the saved registers are at fixed distances from rsp.
FrameRule packSignalFrame(const FrameRow& row) noexcept {
  int64_t sp = 0;
  int64_t pc = 0;
  int64_t bp = 0;
  FrameRule rule = ruleOfKind(CfaRule::signalFrame);
  const bool known = row.cfaIsExpression && isBased(row.cfaExpression, kSp, true, sp) &&
                     row.returnAddress.where == Saved::atExpression &&
                     isBased(row.returnAddress.expression, kSp, false, pc) && pc == sp + 8 &&
                     row.bp.where == Saved::atExpression && isBased(row.bp.expression, kSp, false, bp);
  return known && setOffsets(rule, sp, bp) ? rule : ruleOfKind(CfaRule::other);
}

CfaRule packCfa(const FrameRow& row, int64_t& offset) noexcept {
  offset = row.cfaOffset;
  if (row.cfaIsExpression) {
    if (isBased(row.cfaExpression, kBp, true, offset)) return CfaRule::wordAtBp;
    return isPltExpression(row.cfaExpression, offset) ? CfaRule::pltEntry : CfaRule::other;
  }
  if (row.cfaRegister == kSp) return CfaRule::fromSp;
  return row.cfaRegister == kBp ? CfaRule::fromBp : CfaRule::other;
}

BpRule packBp(const SavedRegister& bp, int64_t& offset) noexcept {
  offset = bp.offset;
  switch (bp.where) {
    case Saved::untold:
    case Saved::same:
      return BpRule::same;
    case Saved::atCfa:
      return BpRule::atCfa;
    case Saved::atExpression:
      return isBased(bp.expression, kBp, false, offset) ? BpRule::atBp : BpRule::lost;
    default:
      return BpRule::lost;
  }
}

}  // namespace

bool runCfaProgram(const CodeUnits& units, ByteReader own, uint64_t start, uint64_t address,
                   FrameRow& row) noexcept {
  CfaProgram program(units, row, start, address);
  return program.runInitial() && program.run(own);
}

FrameRule packRow(const FrameRow& row, bool isSignalFrame) noexcept {
  if (row.returnAddress.where == Saved::undefined) return ruleOfKind(CfaRule::outermost);
  if (isSignalFrame) return packSignalFrame(row);
  if (row.returnAddress.where != Saved::atCfa || row.returnAddress.offset != -8)
    return ruleOfKind(CfaRule::other);
  int64_t cfaOffset = 0;
  int64_t bpOffset = 0;
  FrameRule rule = ruleOfKind(packCfa(row, cfaOffset));
  rule.bp = packBp(row.bp, bpOffset);
  if (rule.bp == BpRule::lost) bpOffset = 0;
  return setOffsets(rule, cfaOffset, bpOffset) ? rule : ruleOfKind(CfaRule::other);
}

}  // namespace leakgate::shim
