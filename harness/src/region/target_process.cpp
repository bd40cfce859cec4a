#include "region/target_process.hpp"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "region/process_file.hpp"

namespace leakgate {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kPresentOrSwapped = std::uint64_t{3} << 62;  // proc(5), /proc/PID/pagemap

std::uint64_t residentBytes(int pagemap, const layout::PrivateMapping& mapping) {
  std::vector<std::uint64_t> pages(mapping.bytes / kPageBytes);
  const auto offset = static_cast<off_t>(mapping.address / kPageBytes * sizeof(std::uint64_t));
  const ssize_t got = ::pread(pagemap, pages.data(), pages.size() * sizeof(std::uint64_t), offset);
  pages.resize(got > 0 ? static_cast<std::size_t>(got) / sizeof(std::uint64_t) : 0);
  std::uint64_t resident = 0;
  for (const std::uint64_t page : pages) resident += (page & kPresentOrSwapped) != 0 ? kPageBytes : 0;
  return resident;
}

// The loader's name may go through symbolic links; the kernel's maps and the symbol reader use the file
// itself.
std::string canonicalPath(std::string path) {
  constexpr std::string_view kDeleted = " (deleted)";
  if (path.ends_with(kDeleted)) path.resize(path.size() - kDeleted.size());
  std::error_code error;
  const std::filesystem::path file = std::filesystem::canonical(path, error);
  return error ? path : file.string();
}

}  // namespace

// A module without a file ([vdso]) is looked up in /proc/PID/maps, which has no file for it either.
const CodeLocation& TargetProcess::locate(std::uint64_t packed) {
  const std::uint64_t address = packed & layout::kAddressMask;
  const std::uint64_t module = packed >> layout::kModuleShift;
  if (module == 0 || module > file_.modules().size()) return modules_.locate(address);
  const auto known = located_.find(packed);
  if (known != located_.end()) return known->second;
  for (std::size_t i = modulePaths_.size(); i < module; ++i) {
    const layout::Module& entry = file_.modules()[i];
    modulePaths_.push_back(canonicalPath({entry.path, ::strnlen(entry.path, sizeof entry.path)}));
  }
  const std::string& path = modulePaths_[module - 1];
  if (!path.starts_with('/')) return modules_.locate(address);
  CodeLocation location{path, address - file_.modules()[module - 1].bias};
  return located_.emplace(packed, std::move(location)).first->second;
}

std::uint32_t TargetProcess::stackNumber(std::uint64_t number, CallStacks& stacks) {
  for (std::size_t i = stackNumbers_.size(); i <= number && i < file_.stacks().size(); ++i) {
    const layout::Stack& stack = file_.stacks()[i];
    std::vector<CodeLocation> frames;
    for (const std::uint64_t place : file_.framesOf(stack)) frames.push_back(locate(place));
    stackNumbers_.push_back(stacks.add(frames, stack.truncated != 0));
  }
  return number < stackNumbers_.size() ? stackNumbers_[number] : 0;
}

bool TargetProcess::isAlive() const {
  const ProcessStat status = processStat(pid());
  if (status.startTicks != file_.header().startTicks) return false;
  // A process whose main thread has ended is shown as a zombie too, but has threads.
  const bool ended = status.state == 'X' || (status.state == 'Z' && status.threads <= 1);
  return !ended;
}

pid_t parentOf(pid_t pid) { return processStat(pid).parent; }

std::uint64_t TargetProcess::privateBytesIn(pid_t pid) const {
  const layout::RegionHeader& header = file_.header();
  std::uint64_t bytes = header.unlistedMappingBytes;
  const int pagemap = ::open(("/proc/" + std::to_string(pid) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC);
  if (pagemap < 0) return bytes;
  for (std::uint32_t i = 0; i < header.mappingCount; ++i) bytes += residentBytes(pagemap, header.mappings[i]);
  ::close(pagemap);
  return bytes;
}

}  // namespace leakgate
