#include "function_counts.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace leakgate {
namespace {

struct Range {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
};

template <typename T>
std::vector<T> readTable(const std::vector<char>& file, const Elf64_Shdr& section) {
  std::vector<T> table(section.sh_size / sizeof(T));
  std::memcpy(table.data(), file.data() + section.sh_offset, table.size() * sizeof(T));
  return table;
}

Range findFunction(const std::filesystem::path& path, const std::string& function) {
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> file{std::istreambuf_iterator<char>(stream), {}};
  Elf64_Ehdr header;
  std::memcpy(&header, file.data(), sizeof header);
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  std::memcpy(sections.data(), file.data() + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_SYMTAB) continue;
    const char* names = file.data() + sections[section.sh_link].sh_offset;
    for (const Elf64_Sym& symbol : readTable<Elf64_Sym>(file, section)) {
      if (function == names + symbol.st_name) return {symbol.st_value, symbol.st_value + symbol.st_size};
    }
  }
  throw std::runtime_error("no function " + function + " in " + path.string());
}

}  // namespace

Counts operator-(const Counts& left, const Counts& right) {
  return {left.allocations - right.allocations, left.frees - right.frees,
          left.allocatedBytes - right.allocatedBytes, left.freedBytes - right.freedBytes};
}

std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << counts.allocations << " allocations, " << counts.frees << " frees, " << counts.allocatedBytes
             << " B allocated, " << counts.freedBytes << " B freed";
}

Counts countsOf(const MemoryTotals& totals) {
  return {totals.allocations, totals.frees, totals.allocatedBytes, totals.freedBytes};
}

Counts countsOf(const MemorySnapshot& snapshot, const std::filesystem::path& file,
                const std::string& function) {
  const Range range = findFunction(file, function);
  const std::string module = std::filesystem::canonical(file);
  Counts sum;
  for (const SiteRow& row : snapshot.sites) {
    if (row.caller.module != module) continue;
    if (row.caller.offset <= range.start || row.caller.offset > range.end) continue;
    sum.allocations += row.allocations;
    sum.frees += row.frees;
    sum.allocatedBytes += row.allocatedBytes;
    sum.freedBytes += row.freedBytes;
  }
  return sum;
}

}  // namespace leakgate
