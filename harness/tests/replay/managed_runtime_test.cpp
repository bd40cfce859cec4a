#include "replay/managed_runtime.hpp"

#include <doctest/doctest.h>
#include <elf.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "replay/temporary_directory.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

std::set<Runtime> kindsOf(const std::set<RuntimeInProcess>& found) {
  std::set<Runtime> kinds;
  for (const auto& one : found) kinds.insert(one.runtime);
  return kinds;
}

// An ELF file with the sections: none, names, one of `name` and `type`, strings.
void writeElf(const fs::path& path, const std::string& name, std::uint32_t type, const std::string& symbol,
              std::uint16_t symbolSection) {
  const std::string names = std::string(1, '\0') + ".shstrtab" + '\0' + name + '\0' + ".dynstr" + '\0';
  const std::string strings = std::string(1, '\0') + symbol + '\0';
  Elf64_Sym symbols[2]{};
  symbols[1].st_name = 1;
  symbols[1].st_shndx = symbolSection;
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = header.e_version = EV_CURRENT;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 4;
  header.e_shstrndx = 1;
  header.e_shoff = sizeof header;
  std::uint64_t at = sizeof header + 4 * sizeof(Elf64_Shdr);
  Elf64_Shdr sections[4]{};
  const auto place = [&](Elf64_Shdr& section, std::uint32_t nameAt, std::uint32_t kind, std::uint64_t size) {
    section.sh_name = nameAt;
    section.sh_type = kind;
    section.sh_offset = at;
    section.sh_size = size;
    section.sh_addralign = 1;
    at += size;
  };
  place(sections[2], 11, type, sizeof symbols);
  sections[2].sh_entsize = type == SHT_DYNSYM ? sizeof(Elf64_Sym) : 0;
  sections[2].sh_addralign = 8;
  sections[2].sh_link = 3;
  place(sections[1], 1, SHT_STRTAB, names.size());
  place(sections[3], static_cast<std::uint32_t>(12 + name.size()), SHT_STRTAB, strings.size());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&header), sizeof header);
  file.write(reinterpret_cast<const char*>(sections), sizeof sections);
  file.write(reinterpret_cast<const char*>(symbols), sizeof symbols);
  file << names << strings;
}

}  // namespace

TEST_CASE("libraries are recognised by their names") {
  struct Row {
    const char* file;
    std::set<Runtime> runtimes;
  };
  for (const Row& row : {
           Row{"/usr/lib/jvm/java-17/lib/server/libjvm.so", {Runtime::jvm}},
           Row{"/usr/lib/libnode.so.108", {Runtime::node}},
           Row{"/usr/lib/libpython3.11.so.1.0", {Runtime::cpython}},
           Row{"/usr/lib/libruby-3.1.so.3.1", {Runtime::ruby}},
           Row{"/usr/share/dotnet/libcoreclr.so", {Runtime::dotnet}},
           Row{"/usr/lib/libmonosgen-2.0.so.1", {Runtime::mono}},
           Row{"/usr/lib/x86_64-linux-gnu/libc.so.6", {}},
           Row{"/opt/libjvmstat.so", {}},
           Row{"/no/such/program", {}},
       }) {
    CAPTURE(row.file);
    CHECK((kindsOf(recogniseRuntimes({row.file})) == row.runtimes));
  }
}

TEST_CASE("programs are recognised by a section or a symbol that they define") {
  struct Row {
    const char* section;
    std::uint32_t type;
    const char* symbol;
    std::uint16_t in;
    std::set<Runtime> runtimes;
  };
  const TemporaryDirectory folder;
  for (const Row& row : {
           Row{".note.go.buildid", SHT_NOTE, "x", 2, {Runtime::go}},
           Row{".dynsym", SHT_DYNSYM, "Py_BytesMain", 2, {Runtime::cpython}},
           Row{".dynsym", SHT_DYNSYM, "Py_BytesMain", SHN_UNDEF, {}},
           Row{".dynsym", SHT_DYNSYM, "_ZN2v87Isolate3NewERKNS0_12CreateParamsE", 2, {Runtime::node}},
           Row{".dynsym", SHT_DYNSYM, "ruby_run_node", 2, {Runtime::ruby}},
           Row{".dynsym", SHT_DYNSYM, "main", 2, {}},
           Row{".symtab", SHT_SYMTAB, "Py_BytesMain", 2, {}},
       }) {
    CAPTURE(row.section);
    CAPTURE(row.symbol);
    const fs::path file = folder.path() / "program";
    writeElf(file, row.section, row.type, row.symbol, row.in);
    CHECK((kindsOf(runtimesIn(file)) == row.runtimes));
  }
}

TEST_CASE("a file that is no ELF file holds nothing") {
  const TemporaryDirectory folder;
  std::ofstream(folder.path() / "script") << "#!/bin/sh\n";
  CHECK(runtimesIn(folder.path() / "script").empty());
  CHECK(runtimesIn(folder.path()).empty());
}

TEST_CASE("the interpreter of Debian is recognised, this test is not") {
  if (fs::exists("/usr/bin/python3"))
    CHECK((kindsOf(runtimesIn(fs::canonical("/usr/bin/python3"))) == std::set{Runtime::cpython}));
  CHECK(runtimesIn(fs::canonical("/proc/self/exe")).empty());
}

TEST_CASE("a JVM owns its installation, others their module alone") {
  const RuntimeInProcess jvm{Runtime::jvm, "/usr/lib/jvm/17/lib/server/libjvm.so"};
  CHECK(jvm.owns("/usr/lib/jvm/17/lib/server/libjvm.so"));
  CHECK(jvm.owns("/usr/lib/jvm/17/lib/libnio.so"));
  CHECK_FALSE(jvm.owns("/usr/lib/jvm/17/library/libnio.so"));
  CHECK_FALSE(jvm.owns("/srv/libnative.so"));
  CHECK_FALSE(jvm.owns(""));
  const RuntimeInProcess node{Runtime::node, "/usr/bin/node"};
  CHECK(node.owns("/usr/bin/node"));
  CHECK_FALSE(node.owns("/usr/bin/node_modules/addon.node"));
}

TEST_CASE("code that a process has mapped, each file once") {
  std::istringstream maps(
      "55d0-55d1 r--p 00000000 fe:01 42   /opt/a server\n"
      "55d1-55d2 r-xp 00001000 fe:01 42   /opt/a server\n"
      "55d2-55d3 r-xp 00002000 fe:01 42   /opt/a server\n"
      "7f00-7f01 rw-p 00000000 00:00 0 \n"
      "7f01-7f02 r-xp 00000000 00:00 0    [vdso]\n"
      "7f02-7f03 r-xp 00000000 fe:01 43   /usr/lib/libc.so.6\n");
  CHECK((mappedCode(maps) == std::vector<std::string>{"/opt/a server", "/usr/lib/libc.so.6"}));
}
