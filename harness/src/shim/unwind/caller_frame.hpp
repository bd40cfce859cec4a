// The caller of a hook, and its frame.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

/// Registers of a hook's caller, as they will be after the hook has returned.
struct CallerFrame {
  uint64_t pc;
  uint64_t sp;
  uint64_t bp;
};

/// A hook's own frame, while it runs. One word, so that it travels in a register.
class HookFrame {
 public:
  explicit HookFrame(const void* frameAddress) noexcept
      : record_(static_cast<const uint64_t*>(frameAddress)) {}

  /// The hook's return address.
  uint64_t callerPc() const noexcept { return record_[1]; }

  /// sp and bp hold on x86-64 only.
  CallerFrame caller() const noexcept {
    return {record_[1], reinterpret_cast<uint64_t>(record_ + 2), record_[0]};
  }

 private:
  const uint64_t* record_;  ///< the caller's frame pointer, then the return address
};

/// The frame of the function that uses this. Gives that function a frame pointer: three instructions.
#define LEAKGATE_HOOK_FRAME (::leakgate::shim::HookFrame(__builtin_frame_address(0)))

}  // namespace leakgate::shim
