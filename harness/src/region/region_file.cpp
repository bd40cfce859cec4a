#include "region/region_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "region/region_error.hpp"

namespace leakgate {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& found,
                         const std::string& expected) {
  throw RegionError(file.string() + ": found " + found + ", expected " + expected);
}

void add(layout::Counter& sum, const layout::Counter& part) {
  sum.allocations += part.allocations;
  sum.frees += part.frees;
  sum.allocatedBytes += part.allocatedBytes;
  sum.freedBytes += part.freedBytes;
}

template <typename T>
bool sameBytes(const std::vector<T>& left, const std::vector<T>& right) {
  if (left.size() != right.size()) return false;
  return left.empty() || std::memcmp(left.data(), right.data(), left.size() * sizeof(T)) == 0;
}

}  // namespace

MemoryTotals RegionSample::totals() const {
  layout::Counter all{};
  for (std::size_t id = layout::kFirstScopeId; id < sums.size(); ++id) add(all, sums[id]);
  return {all.allocations, all.frees, all.allocatedBytes, all.freedBytes};
}

bool operator==(const RegionSample& left, const RegionSample& right) {
  return left.threadsSeen == right.threadsSeen && left.eventsDropped == right.eventsDropped &&
         left.resourcesFolded == right.resourcesFolded && sameBytes(left.sums, right.sums) &&
         sameBytes(left.resources, right.resources);
}

RegionFile::RegionFile(std::filesystem::path path) : path_(std::move(path)) {
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) refuse(path_, std::strerror(errno), "a region that can be read");
  try {
    readHeader();
    check();
  } catch (...) {
    ::close(file_);
    throw;
  }
}

RegionFile::~RegionFile() { ::close(file_); }

void RegionFile::check() const {
  layout::RegionHeader expected{};
  layout::placeTables(expected, {header_.siteCapacity, header_.stackCapacity});
  if (header_.magic != layout::kRegionMagic)
    refuse(path_, "other first bytes", "a region of the leakgate shim");
  if (header_.layoutVersion != layout::kLayoutVersion) {
    refuse(path_, "layout version " + std::to_string(header_.layoutVersion),
           std::to_string(layout::kLayoutVersion) + "; use shim and leakgate of one build");
  }
  if (header_.headerBytes != sizeof header_ || header_.siteCapacity > layout::kSiteCapacity ||
      header_.scopeCapacity != expected.scopeCapacity ||
      header_.segmentCapacity != expected.segmentCapacity ||
      header_.mappingCapacity != expected.mappingCapacity || header_.scopesOffset != expected.scopesOffset ||
      header_.moduleCapacity != expected.moduleCapacity || header_.frameCapacity != expected.frameCapacity ||
      header_.stackCapacity > layout::kStackCapacity || header_.modulesOffset != expected.modulesOffset ||
      header_.stacksOffset != expected.stacksOffset || header_.framesOffset != expected.framesOffset ||
      header_.sitesOffset != expected.sitesOffset || header_.segmentsOffset != expected.segmentsOffset ||
      header_.resourcesOffset != expected.resourcesOffset ||
      header_.resourceCapacity != expected.resourceCapacity ||
      header_.segmentBytes != expected.segmentBytes) {
    refuse(path_, "tables at other places",
           "those of layout version " + std::to_string(layout::kLayoutVersion));
  }
}

void RegionFile::readHeader() {
  readAt(0, &header_, sizeof header_);
  if (header_.scopeCount > header_.scopeCapacity || header_.siteCount > header_.siteCapacity ||
      header_.segmentCount > header_.segmentCapacity || header_.mappingCount > header_.mappingCapacity ||
      header_.moduleCount > header_.moduleCapacity || header_.stackCount > header_.stackCapacity ||
      header_.resourceCount > header_.resourceCapacity) {
    refuse(path_, "a count beyond its capacity", "a region that nothing but the shim has written");
  }
}

RegionSample RegionFile::sample() {
  // Read the counts first: the entries that they count were written before them, and are never removed.
  readHeader();
  readScopes();
  readNew(sites_, header_.sitesOffset, header_.siteCount);
  readStacks();
  readNew(modules_, header_.modulesOffset, header_.moduleCount);
  RegionSample result;
  result.threadsSeen = header_.threadsSeen;
  result.eventsDropped = header_.eventsDropped;
  result.resourcesFolded = header_.resourcesFolded;
  result.resources = readResources();
  result.stacksFolded = header_.stacksFolded;
  result.stacksMissed = header_.stacksMissed;
  result.sums.assign(layout::kFirstSiteId + sites_.size(), layout::Counter{});
  std::vector<layout::Counter> segment(result.sums.size());
  for (std::uint32_t i = 0; i < header_.segmentCount; ++i) {
    readAt(header_.segmentsOffset + i * header_.segmentBytes, segment.data(),
           segment.size() * sizeof segment[0]);
    for (std::size_t id = 0; id < segment.size(); ++id) add(result.sums[id], segment[id]);
  }
  return result;
}

std::vector<layout::ResourceSite> RegionFile::readResources() const {
  std::vector<layout::ResourceSite> resources(header_.resourceCount);
  readAt(header_.resourcesOffset, resources.data(), resources.size() * sizeof resources[0]);
  return resources;
}

void RegionFile::readScopes() {
  while (scopes_.size() < header_.scopeCount) {
    layout::ScopeName name;
    readAt(header_.scopesOffset + scopes_.size() * sizeof name, &name, sizeof name);
    scopes_.emplace_back(name.text, ::strnlen(name.text, sizeof name.text));
  }
}

template <class Entry>
void RegionFile::readNew(std::vector<Entry>& known, std::uint64_t offset, std::uint64_t count) const {
  const std::size_t before = known.size();
  if (count <= before) return;
  known.resize(count);
  readAt(offset + before * sizeof(Entry), &known[before], (count - before) * sizeof(Entry));
}

// Reads only the frames that the stacks use; the shim writes frames before stacks.
void RegionFile::readStacks() {
  const std::size_t before = stacks_.size();
  readNew(stacks_, header_.stacksOffset, header_.stackCount);
  std::uint64_t end = frames_.size();
  for (const layout::Stack& stack : std::span(stacks_).subspan(before)) {
    end = std::max(end, std::uint64_t{stack.firstFrame} + stack.frameCount);
  }
  if (end > header_.frameCapacity)
    refuse(path_, "a stack beyond its table", "frames that the shim has written");
  readNew(frames_, header_.framesOffset, end);
}

std::span<const std::uint64_t> RegionFile::framesOf(const layout::Stack& stack) const {
  return std::span(frames_).subspan(stack.firstFrame, stack.frameCount);
}

void RegionFile::readAt(std::uint64_t offset, void* into, std::uint64_t bytes) const {
  auto* at = static_cast<char*>(into);
  std::uint64_t done = 0;
  while (done < bytes) {
    const ssize_t got = ::pread(file_, at + done, bytes - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse(path_, std::strerror(errno), "a region that can be read");
    if (got == 0) {
      refuse(path_, std::to_string(fileBytes()) + " bytes", "at least " + std::to_string(offset + bytes));
    }
    done += static_cast<std::uint64_t>(got);
  }
}

std::uint64_t RegionFile::fileBytes() const {
  struct stat status {};
  return ::fstat(file_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::uint64_t RegionFile::residentBytes() const {
  struct stat status {};
  return ::fstat(file_, &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512 : 0;
}

}  // namespace leakgate
