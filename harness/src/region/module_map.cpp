#include "region/module_map.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace leakgate {
namespace {

constexpr std::string_view kDeleted = " (deleted)";
constexpr std::size_t kMaxProgramHeaders = 1024;

// Opens the mapped file, not another one that has taken its name since. -1 when it is gone.
int openMapped(const std::string& path, std::uint64_t inode) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file >= 0 && ::fstat(file, &status) == 0 && status.st_ino == inode) return file;
  if (file >= 0) ::close(file);
  return -1;
}

bool readAt(int file, std::uint64_t offset, void* into, std::size_t bytes) {
  return ::pread(file, into, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
}

std::vector<Elf64_Phdr> readProgramHeaders(int file) {
  Elf64_Ehdr header;
  if (!readAt(file, 0, &header, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof(Elf64_Phdr) ||
      header.e_phnum > kMaxProgramHeaders) {
    return {};
  }
  std::vector<Elf64_Phdr> headers(header.e_phnum);
  if (!readAt(file, header.e_phoff, headers.data(), headers.size() * sizeof(Elf64_Phdr))) return {};
  return headers;
}

}  // namespace

const CodeLocation& ModuleMap::locate(std::uint64_t address) {
  const auto known = known_.find(address);
  if (known != known_.end()) return known->second;
  const Mapping* mapping = find(address);
  if (mapping == nullptr) {  // loaded since the maps were last read
    load();
    mapping = find(address);
  }
  CodeLocation location{"", address};
  if (mapping != nullptr) {
    location = {mapping->path, toFileAddress(*mapping, address - mapping->start + mapping->fileOffset)};
  }
  return known_.emplace(address, std::move(location)).first->second;
}

void ModuleMap::load() {
  mappings_.clear();
  std::ifstream maps("/proc/" + std::to_string(pid_) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    Mapping mapping{};
    std::array<char, 8> permissions{};
    int pathAt = 0;
    const int fields = std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*s %" SCNu64 " %n",
                                   &mapping.start, &mapping.end, permissions.data(), &mapping.fileOffset,
                                   &mapping.inode, &pathAt);
    const bool isFile = fields == 5 && pathAt > 0 && line[static_cast<std::size_t>(pathAt)] == '/';
    if (!isFile || permissions[2] != 'x') continue;
    mapping.path = line.substr(static_cast<std::size_t>(pathAt));
    if (mapping.path.ends_with(kDeleted)) mapping.path.resize(mapping.path.size() - kDeleted.size());
    mappings_.push_back(std::move(mapping));
  }
}

const ModuleMap::Mapping* ModuleMap::find(std::uint64_t address) const {
  for (const Mapping& mapping : mappings_) {
    if (mapping.start <= address && address < mapping.end) return &mapping;
  }
  return nullptr;
}

// If the file is gone, and with it the program headers, the offset in the file is the best approximation.
std::uint64_t ModuleMap::toFileAddress(const Mapping& mapping, std::uint64_t fileOffset) {
  auto file = files_.find(mapping.path);
  if (file == files_.end()) file = files_.emplace(mapping.path, readCodeSegments(mapping)).first;
  for (const CodeSegment& segment : file->second) {
    if (segment.fileOffset <= fileOffset && fileOffset <= segment.fileOffset + segment.bytes) {
      return fileOffset - segment.fileOffset + segment.address;
    }
  }
  return fileOffset;
}

std::vector<ModuleMap::CodeSegment> ModuleMap::readCodeSegments(const Mapping& mapping) const {
  int file = openMapped(mapping.path, mapping.inode);
  if (file < 0) file = openMapped("/proc/" + std::to_string(pid_) + "/exe", mapping.inode);
  if (file < 0) return {};
  std::vector<CodeSegment> segments;
  for (const Elf64_Phdr& header : readProgramHeaders(file)) {
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    segments.push_back({header.p_offset, header.p_filesz, header.p_vaddr});
  }
  ::close(file);
  return segments;
}

}  // namespace leakgate
