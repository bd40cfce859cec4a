#include "replay/managed_runtime.hpp"

#include <fcntl.h>
#include <gelf.h>

#include <algorithm>
#include <array>
#include <optional>

#include "replay/descriptor.hpp"

namespace leakgate {
namespace {

namespace fs = std::filesystem;

constexpr std::array<RuntimeTraits, 7> kRuntimes{{
    {Runtime::jvm, "Java VM", "the Java heap", "Java objects"},
    {Runtime::node, "Node.js (V8)", "the JavaScript heap", "JavaScript objects"},
    {Runtime::cpython, "CPython", "the Python heap", "Python objects"},
    {Runtime::go, "Go", "the Go heap", "Go objects"},
    {Runtime::ruby, "Ruby", "the Ruby heap", "Ruby objects"},
    {Runtime::dotnet, ".NET", "the .NET heap", ".NET objects"},
    {Runtime::mono, "Mono", "the Mono heap", "Mono objects"},
}};

// How a file shows which runtime it contains: a library by the start of its name, a program by its content.
enum class Sign { libraryName, exportedSymbol, section };
struct RuntimeSign {
  Sign sign;
  std::string_view text;
  Runtime runtime;
};
constexpr std::array<RuntimeSign, 12> kSigns{{
    {Sign::libraryName, "libjvm.so", Runtime::jvm},
    {Sign::libraryName, "libnode.so", Runtime::node},
    {Sign::libraryName, "libv8.so", Runtime::node},
    {Sign::libraryName, "libpython", Runtime::cpython},
    {Sign::libraryName, "libruby", Runtime::ruby},
    {Sign::libraryName, "libcoreclr.so", Runtime::dotnet},
    {Sign::libraryName, "libmonosgen", Runtime::mono},
    {Sign::libraryName, "libmono-2", Runtime::mono},
    {Sign::exportedSymbol, "_ZN2v87Isolate3NewERKNS0_12CreateParamsE", Runtime::node},
    {Sign::exportedSymbol, "Py_BytesMain", Runtime::cpython},
    {Sign::exportedSymbol, "ruby_run_node", Runtime::ruby},
    {Sign::section, ".note.go.buildid", Runtime::go},
}};

// text: may be nullptr.
std::optional<Runtime> runtimeBy(Sign sign, const char* text) {
  if (text == nullptr) return std::nullopt;
  const std::string_view found = text;
  for (const auto& known : kSigns) {
    if (known.sign != sign) continue;
    const bool same = sign == Sign::libraryName ? found.starts_with(known.text) : found == known.text;
    if (same) return known.runtime;
  }
  return std::nullopt;
}

// An ELF file, mapped for reading.
class ElfFile {
 public:
  explicit ElfFile(const fs::path& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (!file_ || elf_version(EV_CURRENT) == EV_NONE) return;
    elf_ = elf_begin(file_.get(), ELF_C_READ_MMAP, nullptr);
  }
  ~ElfFile() {
    if (elf_ != nullptr) elf_end(elf_);
  }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  Elf* get() const { return elf_; }

 private:
  Descriptor file_;
  Elf* elf_ = nullptr;
};

std::optional<Runtime> runtimeOfExports(Elf* elf, Elf_Scn* section, const GElf_Shdr& header) {
  Elf_Data* const data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return std::nullopt;
  const auto count = static_cast<int>(header.sh_size / header.sh_entsize);
  for (int k = 0; k < count; ++k) {
    GElf_Sym symbol{};
    if (gelf_getsym(data, k, &symbol) == nullptr || symbol.st_shndx == SHN_UNDEF) continue;
    const char* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (auto runtime = runtimeBy(Sign::exportedSymbol, name)) return runtime;
  }
  return std::nullopt;
}

std::optional<Runtime> runtimeOfProgram(const fs::path& path) {
  const ElfFile file(path);
  std::size_t names = 0;
  if (elf_kind(file.get()) != ELF_K_ELF || elf_getshdrstrndx(file.get(), &names) != 0) return std::nullopt;
  Elf_Scn* section = nullptr;
  while ((section = elf_nextscn(file.get(), section)) != nullptr) {
    GElf_Shdr header{};
    if (gelf_getshdr(section, &header) == nullptr) continue;
    if (auto runtime = runtimeBy(Sign::section, elf_strptr(file.get(), names, header.sh_name)))
      return runtime;
    if (header.sh_type != SHT_DYNSYM) continue;
    if (auto runtime = runtimeOfExports(file.get(), section, header)) return runtime;
  }
  return std::nullopt;
}

bool isLibraryName(const std::string& name) {
  return name.starts_with("lib") && name.find(".so") != std::string::npos;
}

// A library is recognised by its name: reading the symbols of each would cost too much.
std::optional<Runtime> runtimeOf(const fs::path& path) {
  const std::string name = path.filename().string();
  if (!isLibraryName(name)) return name.ends_with(".so") ? std::nullopt : runtimeOfProgram(path);
  return runtimeBy(Sign::libraryName, name.c_str());
}

}  // namespace

const RuntimeTraits& traitsOf(Runtime runtime) {
  return *std::find_if(kRuntimes.begin(), kRuntimes.end(),
                       [&](const RuntimeTraits& traits) { return traits.runtime == runtime; });
}

// .../lib/server/libjvm.so: its neighbours libjava.so, libnio.so ... are in .../lib.
bool RuntimeInProcess::owns(std::string_view file) const {
  if (file == module) return true;
  if (runtime != Runtime::jvm) return false;
  const std::string home = fs::path(module).parent_path().parent_path().string();
  return !home.empty() && file.size() > home.size() && file.starts_with(home) && file[home.size()] == '/';
}

std::set<RuntimeInProcess> runtimesIn(const fs::path& file) {
  if (const auto runtime = runtimeOf(file)) return {{*runtime, file.string()}};
  return {};
}

std::set<RuntimeInProcess> recogniseRuntimes(const std::vector<std::string>& mappedFiles) {
  std::set<RuntimeInProcess> found;
  for (const auto& file : mappedFiles) found.merge(runtimesIn(file));
  return found;
}

std::vector<std::string> mappedCode(std::istream& maps) {
  std::vector<std::string> files;
  for (std::string line; std::getline(maps, line);) {
    const auto path = line.find('/');
    const auto mode = line.find(' ');
    if (path == std::string::npos || mode == std::string::npos || line.size() < mode + 4) continue;
    if (line[mode + 3] != 'x') continue;
    std::string file = line.substr(path);
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(std::move(file));
  }
  return files;
}

}  // namespace leakgate
