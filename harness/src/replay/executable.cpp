#include "replay/executable.hpp"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "replay/measure_error.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {
namespace {

constexpr std::size_t kMaxScriptLine = 256;  // Linux reads no more than this of a #! line
constexpr unsigned kMaxProgramHeaders = 1024;

bool isExecutableFile(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

template <typename Header>
bool readAt(std::ifstream& file, std::uint64_t offset, Header& header) {
  file.seekg(static_cast<std::streamoff>(offset));
  return static_cast<bool>(file.read(reinterpret_cast<char*>(&header), sizeof header));
}

std::string refusal(const std::filesystem::path& executable, const std::string& why, const std::string& fix) {
  return executable.string() + ": the shim cannot be loaded into it: " + why + "; " + fix;
}

// Refuses a file that cannot be started.
[[noreturn]] void refuse(const std::filesystem::path& executable, const std::string& why,
                         const std::string& fix) {
  throw InputError(refusal(executable, why, fix));
}

// Refuses a program that can run but cannot be measured.
[[noreturn]] void refuseToMeasure(const std::filesystem::path& executable, const std::string& why,
                                  const std::string& fix) {
  throw MeasureError(refusal(executable, why, fix));
}

// The dynamic linker loads the shim; a program requests the linker with a PT_INTERP header.
bool asksForDynamicLinker(std::ifstream& file, const Elf64_Ehdr& elf) {
  for (unsigned k = 0; k < elf.e_phnum && k < kMaxProgramHeaders; ++k) {
    Elf64_Phdr program{};
    if (!readAt(file, elf.e_phoff + k * std::uint64_t{elf.e_phentsize}, program)) return false;
    if (program.p_type == PT_INTERP) return true;
  }
  return false;
}

void checkElf(const std::filesystem::path& executable, std::ifstream& file) {
  Elf64_Ehdr elf{};
  Elf64_Ehdr own{};
  std::ifstream self("/proc/self/exe", std::ios::binary);
  if (!readAt(file, 0, elf) || std::memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0) {
    refuse(executable, "it is neither an ELF program nor a script", "give the program itself");
  }
  if (readAt(self, 0, own) &&
      (elf.e_machine != own.e_machine || elf.e_ident[EI_CLASS] != own.e_ident[EI_CLASS])) {
    refuse(executable, "it is for another architecture than leakgate", "build it for this machine");
  }
  if (!asksForDynamicLinker(file, elf)) {
    refuseToMeasure(executable, "it is statically linked", "link it dynamically (without -static)");
  }
}

// "#!/bin/sh -e" -> /bin/sh
std::optional<std::string> scriptInterpreter(std::ifstream& file) {
  char line[kMaxScriptLine] = {};
  file.read(line, sizeof line - 1);
  file.clear();
  if (line[0] != '#' || line[1] != '!') return std::nullopt;
  std::istringstream words(std::string(line + 2, std::strcspn(line + 2, "\n")));
  std::string interpreter;
  words >> interpreter;
  return interpreter;
}

void checkIdentity(const std::filesystem::path& executable) {
  struct stat info {};
  if (::stat(executable.c_str(), &info) != 0) return;
  const bool user = (info.st_mode & S_ISUID) != 0 && info.st_uid != ::getuid();
  const bool group = (info.st_mode & S_ISGID) != 0 && info.st_gid != ::getgid();
  if (user || group) {
    refuseToMeasure(executable,
                    "it is setuid or setgid, and the dynamic linker ignores LD_PRELOAD in such programs",
                    "copy the file, which drops the bit");
  }
}

}  // namespace

std::filesystem::path findExecutable(const std::string& program) {
  if (program.find('/') != std::string::npos) {
    if (isExecutableFile(program)) return std::filesystem::absolute(program);
    throw InputError("target.command[0]: found \"" + program +
                     "\", expected an executable file; build it, or correct the path");
  }
  const char* variable = std::getenv("PATH");
  std::istringstream folders(variable == nullptr ? "/usr/bin:/bin" : variable);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto candidate = std::filesystem::path(folder.empty() ? "." : folder) / program;
    if (isExecutableFile(candidate)) return std::filesystem::absolute(candidate);
  }
  throw InputError("target.command[0]: found \"" + program +
                   "\", which is in no folder of PATH; install it, or give its path");
}

void checkPreloadable(const std::filesystem::path& executable) {
  std::ifstream file(executable, std::ios::binary);
  if (!file) refuse(executable, "it cannot be read", "allow reading it");
  checkIdentity(executable);
  const auto interpreter = scriptInterpreter(file);
  if (!interpreter) return checkElf(executable, file);
  std::ifstream interpreterFile(*interpreter, std::ios::binary);
  if (!interpreterFile)
    refuse(executable, "its interpreter " + *interpreter + " cannot be read", "correct its #! line");
  checkElf(*interpreter, interpreterFile);
}

}  // namespace leakgate
