#include "symbols/debug_module.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <filesystem>
#include <string_view>

#include "symbols/allocation_function.hpp"
#include "symbols/debug_file.hpp"
#include "symbols/function_name.hpp"
#include "symbols/owner.hpp"
#include "symbols/rust_name.hpp"

namespace leakgate {

namespace {

const Dwfl_Callbacks kCallbacks{.find_elf = dwfl_build_id_find_elf,
                                .find_debuginfo = findDebugFile,
                                .section_address = dwfl_offline_section_address,
                                .debuginfo_path = nullptr};

// Where an inlined function was called from.
void readCallSite(Dwarf_Die inlined, Dwarf_Files* files, Frame& caller) {
  Dwarf_Attribute memory;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(&inlined, DW_AT_call_file, &memory), &value) == 0 && files != nullptr) {
    if (const char* file = dwarf_filesrc(files, value, nullptr, nullptr)) caller.file = file;
  }
  if (dwarf_formudata(dwarf_attr(&inlined, DW_AT_call_line, &memory), &value) == 0) {
    caller.line = static_cast<unsigned>(value);
  }
}

void readLine(Dwarf_Die unit, Dwarf_Addr pc, Frame& frame) {
  Dwarf_Line* line = dwarf_getsrc_die(&unit, pc);
  int number = 0;
  const char* file = line == nullptr ? nullptr : dwarf_linesrc(line, nullptr, nullptr);
  if (file == nullptr || dwarf_lineno(line, &number) != 0) return;
  frame.file = file;
  frame.line = static_cast<unsigned>(number);
}

std::string stringOf(Dwarf_Die die, unsigned attribute) {
  Dwarf_Attribute memory;
  const char* text = dwarf_formstring(dwarf_attr(&die, attribute, &memory));
  return text == nullptr ? "" : text;
}

// The absolute path of a file, which the compiler names relative to its working directory.
std::string absolute(const std::string& file, const std::string& folder) {
  return file.empty() ? file : (std::filesystem::path(folder) / file).lexically_normal().string();
}

// The address of main(); 0 when no symbol has it.
GElf_Addr addressOfMain(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol;
    GElf_Addr address = 0;
    const char* name = dwfl_module_getsym_info(module, i, &symbol, &address, nullptr, nullptr, nullptr);
    if (name != nullptr && std::string_view(name) == "main") return address;
  }
  return 0;
}

}  // namespace

DebugModule::DebugModule(const std::string& path) : dwfl_(dwfl_begin(&kCallbacks)) {
  if (path.empty() || !dwfl_) return;
  dwfl_report_begin(dwfl_.get());
  handle_ = dwfl_report_offline(dwfl_.get(), path.c_str(), path.c_str(), -1);
  dwfl_report_end(dwfl_.get(), nullptr, nullptr);
  if (handle_ != nullptr) elf_ = dwfl_module_getelf(handle_, &bias_);
  if (elf_ == nullptr) handle_ = nullptr;
}

void DebugModule::load() {
  if (loaded_ || handle_ == nullptr) return;
  loaded_ = true;
  units_ = UnitIndex(dwfl_module_getdwarf(handle_, &dwarfBias_));
  Dwarf_Addr pc = 0;
  const DebugUnit* unit = unitOfMain(pc);
  if (unit == nullptr) return;
  Frame start;
  readLine(unit->lines, pc, start);
  const std::string folder = stringOf(unit->lines, DW_AT_comp_dir);
  project_ = projectRoot(absolute(start.file, folder), folder);
}

const std::string& DebugModule::project() {
  load();
  return project_;
}

std::vector<Frame> DebugModule::framesAt(std::uint64_t address, const Frame& blank) {
  load();
  std::vector<Frame> stack;
  if (handle_ == nullptr) return {blank};
  const Dwarf_Addr pc = address + bias_ - dwarfBias_;
  if (addFrames(pc, blank, stack)) return stack;
  Frame frame = blank;
  frame.function = readableName(symbolAt(address + bias_));
  // An assembler writes lines, but no functions.
  for (const DebugUnit* unit : units_.at(pc)) {
    if (!frame.file.empty()) break;
    readLine(unit->lines, pc, frame);
    frame.file = absolute(frame.file, stringOf(unit->lines, DW_AT_comp_dir));
    if (!unit->missingFile.empty()) separateFromLine(*unit, frame);
  }
  return {frame};
}

// The line table has the line of the innermost inlined function, but inlined functions are in the missing
// file: a line of the standard library in another function would make that function the library's.
void DebugModule::separateFromLine(const DebugUnit& unit, Frame& frame) const {
  frame.missingFile = unit.missingFile;
  const bool ownLine = ownerOf({"", frame.file, frame.module}, project_) == Owner::user;
  if (ownLine || frame.function.empty() || isLibraryName(frame.function)) return;
  const std::string compiledIn = stringOf(unit.lines, DW_AT_comp_dir) + "/";
  frame.owner = ownerOf({frame.function, compiledIn + unit.missingFile, frame.module}, project_);
  frame.file.clear();
  frame.line = 0;
}

bool DebugModule::addFrames(Dwarf_Addr pc, const Frame& blank, std::vector<Frame>& stack) {
  for (const DebugUnit* unit : units_.at(pc)) {
    const Dwarf_Die* function = names_.functionsOf(unit->code).at(pc);
    if (function == nullptr) continue;
    addInlined(*unit, *function, pc, blank, stack);
    return true;
  }
  return false;
}

void DebugModule::addInlined(const DebugUnit& unit, const Dwarf_Die& function, Dwarf_Addr pc, Frame current,
                             std::vector<Frame>& stack) {
  const std::string folder = stringOf(unit.lines, DW_AT_comp_dir);
  Dwarf_Files* files = nullptr;
  Dwarf_Die lines = unit.lines;
  if (dwarf_getsrcfiles(&lines, &files, nullptr) != 0) files = nullptr;
  readLine(unit.lines, pc, current);
  for (const Dwarf_Die& inlined : inlinedAt(function, pc)) {
    current.function = names_.nameOf(inlined);
    current.allocates = isAllocationFunction(inlined);
    current.inlined = true;
    stack.push_back(current);
    readCallSite(inlined, files, current);
  }
  current.function = names_.nameOf(function);
  current.allocates = isAllocationFunction(function);
  // -g1 omits the scope of a function; a mangled symbol has it.
  if (current.function.find("::") == std::string::npos) {
    const std::string symbol = mangledSymbolAt(pc + dwarfBias_);
    if (!symbol.empty()) current.function = readableName(symbol);
  }
  current.inlined = false;
  stack.push_back(current);
  for (Frame& frame : stack) frame.file = absolute(frame.file, folder);
}

std::string DebugModule::symbolAt(GElf_Addr address) const {
  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* name = dwfl_module_addrinfo(handle_, address, &offset, &symbol, nullptr, nullptr, nullptr);
  return name == nullptr ? "" : name;
}

std::string DebugModule::mangledSymbolAt(GElf_Addr address) const {
  std::string symbol = symbolAt(address);
  return symbol.starts_with("_Z") || isRustSymbol(symbol) ? symbol : "";
}

// The first unit of a program is often the C runtime's or a sanitizer's.
const DebugUnit* DebugModule::unitOfMain(Dwarf_Addr& pc) const {
  const GElf_Addr address = handle_ == nullptr ? 0 : addressOfMain(handle_);
  if (address == 0) return nullptr;
  pc = address - dwarfBias_;
  const auto found = units_.at(pc);
  return found.empty() ? nullptr : found.front();
}

std::string DebugModule::producer() {
  load();
  Dwarf_Addr pc = 0;
  const DebugUnit* unit = unitOfMain(pc);
  return unit == nullptr ? "" : stringOf(unit->lines, DW_AT_producer);
}

}  // namespace leakgate
