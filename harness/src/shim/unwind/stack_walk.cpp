#include "shim/unwind/stack_walk.hpp"

#include "shim/unwind/unwind_rules.hpp"

namespace leakgate::shim {
namespace {

class StackWalk {
 public:
  StackWalk(const CallerFrame& from, ReadableRange& readable, WalkLog& log) noexcept
      : base_(from.sp), pc_(from.pc), sp_(from.sp), bp_(from.bp), readable_(readable), log_(log) {}

  WalkEnd run(uint32_t frameLimit) noexcept {
    // At most two words per frame (three for a signal frame), so the log always has room.
    while (log_.frameCount < frameLimit && log_.wordCount + 3 <= WalkLog::kWordCapacity) {
      if (!step()) return end_;
    }
    return WalkEnd::frameLimit;
  }

 private:
  bool stop(WalkEnd end) noexcept {
    end_ = end;
    return false;
  }

  bool step() noexcept {
    // A return address may be the first byte of the next function; after a signal, pc is the exact place.
    const uint64_t place = interrupted_ ? pc_ : pc_ - 1;
    if (!module_.holds(place)) module_ = findUnwindModule(place);
    if (module_.start == 0) return stop(WalkEnd::noRule);
    interrupted_ = false;
    return apply(findRule(module_, place));
  }

  bool apply(FrameRule rule) noexcept {
    switch (rule.cfa) {
      case CfaRule::fromSp:
        return leave(sp_ + static_cast<uint64_t>(rule.cfaOffset), rule);
      case CfaRule::fromBp:
        return learnBp() && leave(bp_ + static_cast<uint64_t>(rule.cfaOffset), rule);
      case CfaRule::wordAtBp: {
        uint64_t cfa = 0;
        return learnBp() && read(bp_ + static_cast<uint64_t>(rule.cfaOffset), 0, cfa) && leave(cfa, rule);
      }
      case CfaRule::pltEntry: {
        const bool pushed = (pc_ & 15) >= static_cast<uint64_t>(rule.cfaOffset);
        return leave(sp_ + (pushed ? 16 : 8), rule);
      }
      case CfaRule::signalFrame:
        return leaveSignal(rule);
      case CfaRule::outermost:
        return stop(WalkEnd::outermost);
      case CfaRule::none:
        return stop(WalkEnd::noRule);
      default:
        return stop(WalkEnd::otherRule);
    }
  }

  // Goes to the caller, whose stack pointer is the CFA.
  bool leave(uint64_t cfa, FrameRule rule) noexcept {
    if (cfa <= sp_) return stop(WalkEnd::unreadable);
    if (!followBp(cfa, rule)) return false;
    sp_ = cfa;
    return readPc(cfa - 8);
  }

  // rbp is read only when a frame needs it; few do.
  bool followBp(uint64_t cfa, FrameRule rule) noexcept {
    switch (rule.bp) {
      case BpRule::same:
        return true;
      case BpRule::atCfa:
        bpAt_ = cfa + static_cast<uint64_t>(rule.bpOffset);
        break;
      case BpRule::atBp:
        if (!learnBp()) return false;
        bpAt_ = bp_ + static_cast<uint64_t>(rule.bpOffset);
        break;
      default:
        bpAt_ = 0;
    }
    bpIsFirst_ = false;
    bpIsLost_ = rule.bp == BpRule::lost;
    return true;
  }

  bool learnBp() noexcept {
    if (bpIsLost_) return stop(WalkEnd::otherRule);
    if (bpIsFirst_) log_.usesBp = true;
    if (bpAt_ == 0) return true;
    const uint64_t at = bpAt_;
    bpAt_ = 0;
    return read(at, 0, bp_);
  }

  bool leaveSignal(FrameRule rule) noexcept {
    const uint64_t registers = sp_ + static_cast<uint64_t>(rule.cfaOffset);
    bpAt_ = sp_ + static_cast<uint64_t>(rule.bpOffset);
    bpIsFirst_ = bpIsLost_ = false;
    interrupted_ = true;
    return learnBp() && read(registers, 0, sp_) && readPc(registers + 8);
  }

  bool readPc(uint64_t address) noexcept {
    if (!read(address, WalkLog::kIsFrame, pc_)) return false;
    if (pc_ == 0) return stop(WalkEnd::outermost);  // some runtimes end their stacks this way
    ++log_.frameCount;
    return true;
  }

  bool read(uint64_t address, uint32_t kind, uint64_t& value) noexcept {
    if ((address & 7) != 0 || !readable_.holds(address)) return stop(WalkEnd::unreadable);
    value = *reinterpret_cast<const uint64_t*>(address);
    const uint64_t distance = address - base_;
    if (distance >> 32 != 0) log_.isNear = false;
    log_.offsets[log_.wordCount] = static_cast<uint32_t>(distance) | kind;
    log_.values[log_.wordCount++] = value;
    return true;
  }

  const uint64_t base_;
  uint64_t pc_;
  uint64_t sp_;
  uint64_t bp_;
  uint64_t bpAt_ = 0;  ///< where rbp is to be read; 0: it is bp_
  bool bpIsFirst_ = true;
  bool bpIsLost_ = false;
  bool interrupted_ = false;
  WalkEnd end_ = WalkEnd::outermost;
  UnwindModule module_{};
  ReadableRange& readable_;
  WalkLog& log_;
};

}  // namespace

void walkStack(const CallerFrame& from, uint32_t frameLimit, ReadableRange& readable, WalkLog& log) noexcept {
  log.frameCount = 1;
  log.wordCount = 0;
  log.usesBp = false;
  log.isNear = (from.sp & 7) == 0;
  log.end = StackWalk(from, readable, log).run(frameLimit);
}

uint32_t copyFrames(const CallerFrame& from, const WalkLog& log, uint64_t* frames, uint32_t most) noexcept {
  if (most == 0) return 0;
  uint32_t count = 0;
  frames[count++] = from.pc;
  for (uint32_t i = 0; i < log.wordCount && count < most; ++i) {
    if ((log.offsets[i] & WalkLog::kIsFrame) != 0 && log.values[i] != 0) frames[count++] = log.values[i];
  }
  return count;
}

}  // namespace leakgate::shim
