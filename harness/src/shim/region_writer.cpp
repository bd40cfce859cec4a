#include "shim/region_writer.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "shim/fatal.hpp"
#include "shim/private_memory.hpp"
#include "shim/small_text.hpp"

namespace leakgate::shim {

Region gRegion;

namespace {

using layout::Counter;
using layout::RegionHeader;
using layout::ScopeName;
using layout::SiteKey;

PathText gFile;  ///< of the region

PathText regionPath(const char* directory, uint64_t number, const char* ending) noexcept {
  PathText path;
  path.append(directory).append("/").append(static_cast<uint64_t>(getpid())).append("-");
  path.append(number).append(ending);
  return path;
}

// Field 22, counted from the last ')', because field 2 is a name that the program may choose.
uint64_t startTicks() noexcept {
  char text[1024];
  const size_t length = readStart("/proc/self/stat", text, sizeof text - 1);
  text[length] = '\0';
  const char* at = strrchr(text, ')');
  for (int field = 2; at != nullptr && field < 22; ++field) at = strchr(at + 1, ' ');
  return at != nullptr ? parseNumber(at + 1) : 0;
}

uint64_t nowNs() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec);
}

void* mapShared(int file, uint64_t offset, uint64_t bytes) noexcept {
  void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, static_cast<off_t>(offset));
  return address == MAP_FAILED ? nullptr : address;
}

void fillHeader(RegionHeader& header, const RegionSettings& settings) noexcept {
  header.layoutVersion = layout::kLayoutVersion;
  header.headerBytes = sizeof(RegionHeader);
  header.depth = settings.depth;
  header.flags = settings.flags;
  header.pid = static_cast<uint32_t>(getpid());
  header.startTicks = startTicks();
  header.createdNs = nowNs();
  header.segmentCount = 1;
  header.magic = layout::kRegionMagic;
}

void copyTables(const Region& from, const Region& to, const TableCounts& counts) noexcept {
  memcpy(to.scopes, from.scopes, counts.scopes * sizeof(ScopeName));
  memcpy(to.modules, from.modules, counts.modules * sizeof(layout::Module));
  memcpy(to.sites, from.sites, counts.sites * sizeof(SiteKey));
  memcpy(to.stacks, from.stacks, counts.stacks * sizeof(layout::Stack));
  memcpy(to.frames, from.frames, counts.frames * sizeof(uint64_t));
  for (uint32_t i = 0; i < counts.resources; ++i) {
    to.resources[i].caller = from.resources[i].caller;
    to.resources[i].kind = from.resources[i].kind;
  }
}

void setCounts(RegionHeader& header, const TableCounts& counts) noexcept {
  header.scopeCount = counts.scopes;
  header.moduleCount = counts.modules;
  header.siteCount = counts.sites;
  header.stackCount = counts.stacks;
  header.frameCount = counts.frames;
  header.resourceCount = counts.resources;
}

void unmapRegion(const Region& region) noexcept {
  const RegionHeader header = *region.header;
  for (uint32_t i = 1; i < layout::kSegmentCapacity; ++i) {
    if (region.segments[i] != nullptr) munmap(region.segments[i], header.segmentBytes);
  }
  munmap(region.header, header.segmentsOffset + header.segmentBytes);  // with segment 0
}

// The file gets its name when it is complete, so that a reader never sees half a header. The name must be
// new: an earlier image (exec keeps the pid) may have left its region.
void publish(const char* directory, const PathText& draft) noexcept {
  for (uint64_t number = 0;; ++number) {
    gFile = regionPath(directory, number, ".region");
    if (renameat2(AT_FDCWD, draft.text(), AT_FDCWD, gFile.text(), RENAME_NOREPLACE) == 0) return;
    if (errno != EEXIST) fail("cannot name the region", gFile.text(), errno);
  }
}

}  // namespace

void openRegion(const RegionSettings& settings, const TableCounts& counts) noexcept {
  const PathText draft = regionPath(settings.directory, 0, ".new");
  unlink(draft.text());  // left by an image that was killed while it made its region
  const int file = open(draft.text(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) fail("cannot create the region", draft.text(), errno);
  // A target started as root may change its user, as servers do, and its new threads must still be able to
  // open the file.
  if (geteuid() == 0) fchmod(file, 0666);

  RegionHeader plan{};
  layout::placeTables(plan, settings.capacities);
  const uint64_t bytes = plan.segmentsOffset + plan.segmentBytes;
  if (ftruncate(file, static_cast<off_t>(bytes)) != 0) fail("cannot size the region", draft.text(), errno);
  auto* base = static_cast<uint8_t*>(mapShared(file, 0, bytes));
  if (base == nullptr) fail("cannot map the region", draft.text(), errno);
  close(file);

  static Region next;  // too large for a small stack
  memset(&next, 0, sizeof next);
  next.header = reinterpret_cast<RegionHeader*>(base);
  next.scopes = reinterpret_cast<ScopeName*>(base + plan.scopesOffset);
  next.modules = reinterpret_cast<layout::Module*>(base + plan.modulesOffset);
  next.sites = reinterpret_cast<SiteKey*>(base + plan.sitesOffset);
  next.resources = reinterpret_cast<layout::ResourceSite*>(base + plan.resourcesOffset);
  next.stacks = reinterpret_cast<layout::Stack*>(base + plan.stacksOffset);
  next.frames = reinterpret_cast<uint64_t*>(base + plan.framesOffset);
  next.segments[0] = reinterpret_cast<Counter*>(base + plan.segmentsOffset);
  layout::placeTables(*next.header, settings.capacities);
  fillHeader(*next.header, settings);
  listMappings(*next.header);
  setCounts(*next.header, counts);
  if (gRegion.header != nullptr) {
    copyTables(gRegion, next, counts);
    unmapRegion(gRegion);
  }
  publish(settings.directory, draft);
  gRegion = next;
}

Counter* mapSegment(uint32_t index) noexcept {
  if (gRegion.segments[index] != nullptr) return gRegion.segments[index];
  RegionHeader& header = *gRegion.header;
  // Reopened each time: servers close all descriptors, the shim's too, and the number could then belong to
  // another file.
  const int file = open(gFile.text(), O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  const uint64_t offset = header.segmentsOffset + index * header.segmentBytes;
  struct stat status;
  bool large = fstat(file, &status) == 0;
  if (large && static_cast<uint64_t>(status.st_size) < offset + header.segmentBytes) {
    large = ftruncate(file, static_cast<off_t>(offset + header.segmentBytes)) == 0;
  }
  auto* segment = large ? static_cast<Counter*>(mapShared(file, offset, header.segmentBytes)) : nullptr;
  close(file);
  if (segment == nullptr) return nullptr;
  gRegion.segments[index] = segment;
  if (header.segmentCount <= index) __atomic_store_n(&header.segmentCount, index + 1, __ATOMIC_RELEASE);
  return segment;
}

}  // namespace leakgate::shim
