#include "symbols/process_unwinder.hpp"

#include <elfutils/libdwfl.h>

#include "symbols/debug_file.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxFrames = 128;

const Dwfl_Callbacks kProcessCallbacks{.find_elf = dwfl_linux_proc_find_elf,
                                       .find_debuginfo = findDebugFile,
                                       .section_address = nullptr,
                                       .debuginfo_path = nullptr};

struct DwflEnd {
  void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
};

// The address in its module; no module for code in no file.
CodeLocation locate(Dwfl* dwfl, Dwarf_Addr address) {
  Dwfl_Module* module = dwfl_addrmodule(dwfl, address - 1);
  const char* file = nullptr;
  GElf_Addr bias = 0;
  if (module == nullptr || dwfl_module_getelf(module, &bias) == nullptr) return {"", address};
  dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, &file, nullptr);
  return {file == nullptr ? "" : file, address - bias};
}

struct Walk {
  Dwfl* dwfl;
  std::vector<CodeLocation> frames = {};
};

int addFrame(Dwfl_Frame* frame, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  Dwarf_Addr pc = 0;
  bool interrupted = false;  // at this instruction, not after a call
  if (!dwfl_frame_pc(frame, &pc, &interrupted)) return DWARF_CB_ABORT;
  walk.frames.push_back(locate(walk.dwfl, interrupted ? pc + 1 : pc));
  return walk.frames.size() < kMaxFrames ? DWARF_CB_OK : DWARF_CB_ABORT;
}

}  // namespace

struct ProcessUnwinder::Session {
  std::unique_ptr<Dwfl, DwflEnd> dwfl;
  bool attached = false;
};

ProcessUnwinder::ProcessUnwinder(pid_t pid) : session_(std::make_unique<Session>()) {
  session_->dwfl.reset(dwfl_begin(&kProcessCallbacks));
  Dwfl* dwfl = session_->dwfl.get();
  if (dwfl == nullptr || dwfl_linux_proc_report(dwfl, pid) != 0) return;
  dwfl_report_end(dwfl, nullptr, nullptr);
  session_->attached = dwfl_linux_proc_attach(dwfl, pid, true) == 0;
}

ProcessUnwinder::~ProcessUnwinder() = default;

std::vector<CodeLocation> ProcessUnwinder::stackOf(pid_t thread) {
  if (!session_->attached) return {};
  Walk walk{session_->dwfl.get()};
  dwfl_getthread_frames(walk.dwfl, thread, addFrame, &walk);
  if (!walk.frames.empty() && walk.frames.front().module.empty()) walk.frames.clear();
  return std::move(walk.frames);
}

}  // namespace leakgate
