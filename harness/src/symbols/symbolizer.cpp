#include "symbols/symbolizer.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "symbols/debug_file.hpp"
#include "symbols/function_name.hpp"

namespace leakgate {

namespace {

const Dwfl_Callbacks kCallbacks{.find_elf = dwfl_build_id_find_elf,
                                .find_debuginfo = findDebugFile,
                                .section_address = dwfl_offline_section_address,
                                .debuginfo_path = nullptr};

struct DwflEnd {
  void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
};

// A file opened by elfutils as if it were loaded; handle and elf are nullptr when it cannot be read.
struct OfflineModule {
  std::unique_ptr<Dwfl, DwflEnd> dwfl;
  Dwfl_Module* handle = nullptr;
  Elf* elf = nullptr;
  GElf_Addr bias = 0;  ///< Dwfl's addresses minus the file's own

  explicit OfflineModule(const std::string& path) : dwfl(dwfl_begin(&kCallbacks)) {
    if (path.empty() || !dwfl) return;
    dwfl_report_begin(dwfl.get());
    handle = dwfl_report_offline(dwfl.get(), path.c_str(), path.c_str(), -1);
    dwfl_report_end(dwfl.get(), nullptr, nullptr);
    if (handle != nullptr) elf = dwfl_module_getelf(handle, &bias);
    if (elf == nullptr) handle = nullptr;
  }
};

// The scopes around an address, allocated by libdw.
struct Scopes {
  Dwarf_Die* dies = nullptr;
  int count = 0;

  Scopes() = default;
  Scopes(const Scopes&) = delete;
  Scopes& operator=(const Scopes&) = delete;
  ~Scopes() { std::free(dies); }
};

bool isFunction(Dwarf_Die* die) {
  const int tag = dwarf_tag(die);
  return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

std::string nameOf(Dwarf_Die* die) {
  Dwarf_Attribute memory;
  for (const unsigned attribute : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (const char* name = dwarf_formstring(dwarf_attr_integrate(die, attribute, &memory)))
      return readableName(name);
  }
  const char* name = dwarf_diename(die);
  return name == nullptr ? "" : name;
}

// Where an inlined function was called from.
void readCallSite(Dwarf_Die* inlined, Dwarf_Files* files, Frame& caller) {
  Dwarf_Attribute memory;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &memory), &value) == 0 && files != nullptr) {
    if (const char* file = dwarf_filesrc(files, value, nullptr, nullptr)) caller.file = file;
  }
  if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &memory), &value) == 0) {
    caller.line = static_cast<unsigned>(value);
  }
}

// The concrete chain from the innermost function outwards. dwarf_getscopes() continues with the abstract
// origin's parents, dwarf_getscopes_die() with the concrete ones: the second has the call sites.
bool concreteScopes(Dwarf_Die* unit, Dwarf_Addr pc, Scopes& chain) {
  Scopes around;
  around.count = dwarf_getscopes(unit, pc, &around.dies);
  for (int i = 0; i < around.count; ++i) {
    if (!isFunction(&around.dies[i])) continue;
    chain.count = dwarf_getscopes_die(&around.dies[i], &chain.dies);
    return chain.count > 0;
  }
  return false;
}

std::string producerOf(Dwarf_Die* unit) {
  Dwarf_Attribute memory;
  const char* producer =
      unit == nullptr ? nullptr : dwarf_formstring(dwarf_attr(unit, DW_AT_producer, &memory));
  return producer == nullptr ? "" : producer;
}

// The unit that main() is in: the first unit of a program is often the C runtime's or a sanitizer's.
Dwarf_Die* unitOfMain(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol;
    GElf_Addr address = 0;
    Dwarf_Addr bias = 0;
    const char* name = dwfl_module_getsym_info(module, i, &symbol, &address, nullptr, nullptr, nullptr);
    if (name != nullptr && std::string_view(name) == "main")
      return dwfl_module_addrdie(module, address, &bias);
  }
  return nullptr;
}

}  // namespace

struct Symbolizer::Module : OfflineModule {
  using OfflineModule::OfflineModule;

  // Fills `stack` from debug information; false when there is none for this address.
  bool fromDwarf(GElf_Addr address, const Frame& blank, std::vector<Frame>& stack) {
    Dwarf_Addr unitBias = 0;
    Dwarf_Die* unit = dwfl_module_addrdie(handle, address, &unitBias);
    Scopes chain;
    if (unit == nullptr || !concreteScopes(unit, address - unitBias, chain)) return false;
    Dwarf_Files* files = nullptr;
    if (dwarf_getsrcfiles(unit, &files, nullptr) != 0) files = nullptr;

    Frame current = blank;
    readLine(address, current);
    for (int i = 0; i < chain.count; ++i) {
      Dwarf_Die* die = &chain.dies[i];
      if (!isFunction(die)) continue;
      current.function = nameOf(die);
      current.inlined = dwarf_tag(die) == DW_TAG_inlined_subroutine;
      stack.push_back(current);
      if (!current.inlined) break;
      readCallSite(die, files, current);
    }
    return !stack.empty();
  }

  void readLine(GElf_Addr address, Frame& frame) {
    Dwfl_Line* line = dwfl_module_getsrc(handle, address);
    int number = 0;
    const char* file =
        line == nullptr ? nullptr : dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr);
    if (file == nullptr) return;
    frame.file = file;
    frame.line = static_cast<unsigned>(number);
  }

  std::string symbolAt(GElf_Addr address) {
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char* name = dwfl_module_addrinfo(handle, address, &offset, &symbol, nullptr, nullptr, nullptr);
    return name == nullptr ? "" : readableName(name);
  }
};

struct Symbolizer::Modules {
  std::map<std::string, Module> byPath;
};

Symbolizer::Symbolizer() : modules_(std::make_unique<Modules>()) {}
Symbolizer::~Symbolizer() = default;

Symbolizer::Module& Symbolizer::moduleOf(const std::string& path) {
  return modules_->byPath.try_emplace(path, path).first->second;
}

std::vector<Frame> Symbolizer::frames(const CodeLocation& location) {
  Frame blank;
  blank.module = std::filesystem::path(location.module).filename().string();
  blank.offset = location.offset;
  std::vector<Frame> stack;
  Module& module = moduleOf(location.module);
  if (module.handle != nullptr && location.offset > 0) {
    // A return address points after the call, perhaps into the next line or function.
    const GElf_Addr address = location.offset - 1 + module.bias;
    if (module.fromDwarf(address, blank, stack)) return stack;
    blank.function = module.symbolAt(address);
    module.readLine(address, blank);
  }
  return {blank};
}

namespace {

// What every program runs on: rarely the one to blame, even where a function's name does not say whose it is.
bool isRuntimeModule(std::string_view module) {
  constexpr std::array<std::string_view, 12> kPrefixes{
      "libc.so",    "libc-2.", "ld-linux",       "libstdc++.so",   "libgcc_s.so", "libpthread.so",
      "libc++.so.", "libm.so", "libmimalloc.so", "libjemalloc.so", "libtcmalloc", "libleakgate_shim.so"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return module.substr(0, prefix.size()) == prefix; });
}

// A function without a name is the user's where the module is. Debug information may name a function of the
// C++ library without its namespace: its header tells.
bool isUsers(const Frame& frame) {
  if (isRuntimeModule(frame.module) || frame.file.rfind("/usr/include/c++/", 0) == 0) return false;
  return frame.function.empty() ? !frame.module.empty() : !isLibraryName(frame.function);
}

bool isNamedUsers(const Frame& frame) { return !frame.function.empty() && !isLibraryName(frame.function); }

// The first frame that `wanted` accepts, or the outermost such frame inlined with it; stack.size() when none
// is.
std::size_t firstWanted(const std::vector<Frame>& stack, bool (*wanted)(const Frame&)) {
  std::size_t found = stack.size();
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (wanted(stack[i])) found = i;
    if (found != stack.size() && !stack[i].inlined) break;
  }
  return found;
}

}  // namespace

std::size_t frameToBlame(const std::vector<Frame>& stack) {
  for (const auto wanted : {isUsers, isNamedUsers}) {
    const std::size_t found = firstWanted(stack, wanted);
    if (found != stack.size()) return found;
  }
  return 0;
}

std::string buildIdOf(const std::string& path) {
  const OfflineModule module(path);
  const void* bits = nullptr;
  const ssize_t length = module.elf == nullptr ? -1 : dwelf_elf_gnu_build_id(module.elf, &bits);
  std::string text;
  for (ssize_t i = 0; i < length; ++i) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<const unsigned char*>(bits)[i];
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text;
}

std::string producerOf(const std::string& path) {
  const OfflineModule module(path);
  return module.handle == nullptr ? "" : producerOf(unitOfMain(module.handle));
}

}  // namespace leakgate
