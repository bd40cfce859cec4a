#include "symbols/debug_file.hpp"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <string.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace leakgate {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDebugRoot = "/usr/lib/debug";

using BuildId = std::vector<unsigned char>;

BuildId buildIdOf(Dwfl_Module* module) {
  const unsigned char* bits = nullptr;
  GElf_Addr address = 0;
  const int length = dwfl_module_build_id(module, &bits, &address);
  return length > 0 ? BuildId(bits, bits + length) : BuildId();
}

BuildId buildIdOf(int file) {
  Elf* elf = elf_begin(file, ELF_C_READ_MMAP, nullptr);
  const void* bits = nullptr;
  const ssize_t length = elf != nullptr ? dwelf_elf_gnu_build_id(elf, &bits) : -1;
  const auto* first = static_cast<const unsigned char*>(bits);
  BuildId id = length > 0 ? BuildId(first, first + length) : BuildId();
  elf_end(elf);
  return id;
}

// CRC-32 of IEEE 802.3, as objcopy --add-gnu-debuglink writes it.
std::uint32_t checksumOf(int file) {
  std::uint32_t crc = ~0U;
  std::array<unsigned char, 65536> chunk{};
  off_t at = 0;
  for (ssize_t got = 0; (got = ::pread(file, chunk.data(), chunk.size(), at)) > 0; at += got) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
      crc ^= chunk[i];
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ (0xedb88320U & (0U - (crc & 1U)));
    }
  }
  return ~crc;
}

// ".build-id/ab/cdef.debug"
fs::path buildIdPath(const BuildId& id) {
  std::string digits;
  for (const unsigned char byte : id) digits += fmt::format("{:02x}", byte);
  return fs::path(".build-id") / digits.substr(0, 2) / (digits.substr(2) + ".debug");
}

std::vector<fs::path> candidates(const fs::path& folder, const BuildId& id, const char* linkName) {
  std::vector<fs::path> files;
  if (id.size() > 1) {
    files.push_back(kDebugRoot / buildIdPath(id));
    files.push_back(folder / buildIdPath(id));
  }
  if (linkName != nullptr && *linkName != '\0') {
    files.push_back(folder / linkName);
    files.push_back(folder / ".debug" / linkName);
    files.push_back(kDebugRoot + folder.string() + "/" + linkName);
  }
  return files;
}

}  // namespace

int findDebugFile(Dwfl_Module* module, void**, const char*, Dwarf_Addr, const char* fileName,
                  const char* linkName, GElf_Word linkChecksum, char** found) {
  if (fileName == nullptr) return -1;
  std::error_code error;
  const fs::path self = fs::canonical(fileName, error);
  if (error) return -1;
  const BuildId id = buildIdOf(module);
  for (const fs::path& path : candidates(self.parent_path(), id, linkName)) {
    if (fs::equivalent(path, self, error)) continue;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    const bool same = id.empty() ? checksumOf(file) == linkChecksum : buildIdOf(file) == id;
    if (same) {
      *found = ::strdup(path.c_str());
      return file;
    }
    ::close(file);
  }
  return -1;
}

}  // namespace leakgate
