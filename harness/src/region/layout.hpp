// Layout of the bytes that the shim writes and the reader reads. Plain structs, because the shim has no C++
// library.
//
// <dir>/control             ControlPage, written by the runner
// <dir>/<pid>-<n>.region    one file per process image (exec makes a new one), written by the shim:
//
//   0               +----------------------------+
//                   | RegionHeader               |
//   scopesOffset    +----------------------------+
//                   | ScopeName[scopeCapacity]   |  append only, [0] is "outside of any scope"
//   modulesOffset   +----------------------------+
//                   | Module[moduleCapacity]     |  append only; files that addresses lie in
//   sitesOffset     +----------------------------+
//                   | SiteKey[siteCapacity]      |  append only
//   stacksOffset    +----------------------------+
//                   | Stack[stackCapacity]       |  append only, depth stacks
//   framesOffset    +----------------------------+
//                   | uint64_t[frameCapacity]    |  packed locations, the stacks' frames one after the other
//   resourcesOffset +----------------------------+
//                   | ResourceSite[4096]         |  mappings, descriptors ...; atomic counts, any writer
//   segmentsOffset  +----------------------------+
//                   | Counter[counterCapacity]   |  segment 0: threads without a slot, under a lock
//   + segmentBytes  +----------------------------+
//                   | Counter[counterCapacity]   |  segment 1: first thread slot, a single writer
//                   | ...                        |  grows by a segment with each slot; sparse
//
// A counter's place in its segment is the id of what it counts:
//
//   0                   blocks freed that the shim had not seen allocated
//   1 + scope           depth count: all blocks of a scope; deeper: blocks without room in the site table
//   kFirstSiteId + k    blocks of site k
//
// A packed location is one word: a return address, and above it the file that contained the address when it
// was recorded. The address alone could mean another file after that one is unloaded.
//
//   63          62 .. 48              47 .. 0
//   0           module + 1, 0: none   return address
//   kStackBit   0                     number of a stack (in SiteKey::caller and ResourceSite::caller only)
//
// Sums are taken over all segments. A process made by fork starts its own region with the same tables and
// with counters at zero, so a block that is inherited from the parent and freed in the child counts -1.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace leakgate::layout {

inline constexpr uint64_t kControlMagic = 0x314c5254434b4c4cULL;  // "LLKCTRL1"
inline constexpr uint64_t kRegionMagic = 0x314e4749524b4c4cULL;   // "LLKRIGN1"
inline constexpr uint32_t kLayoutVersion = 4;

inline constexpr char kDirectoryVariable[] = "LEAKGATE_DIR";
inline constexpr char kDepthVariable[] = "LEAKGATE_DEPTH";  // "count", "sites" (default) or "stacks"
/// A file in LEAKGATE_DIR: at depth stacks only the sites that it lists are unwound, the others are counted
/// by their caller as at depth sites. It does not apply to mappings, descriptors and the like: all are
/// unwound. A line is "<size class> <hex offset> <file name>"; the size class is sizeClassOf(), or "*" for
/// all; the offset is the return address in the file's own addresses.
inline constexpr char kStackFilterVariable[] = "LEAKGATE_STACK_FILTER";
/// Selects the unwinder: "rules" (the shim's own, the default on CPUs that it supports) or "libunwind".
inline constexpr char kUnwinderVariable[] = "LEAKGATE_UNWINDER";
/// A file in LEAKGATE_DIR in which the shim lists each directory where the program creates names, one per
/// line.
inline constexpr char kFolderList[] = "folders";
/// For tests: capacities below kSiteCapacity and kStackCapacity.
inline constexpr char kSiteCapacityVariable[] = "LEAKGATE_SITES";
inline constexpr char kStackCapacityVariable[] = "LEAKGATE_STACKS";

inline constexpr uint32_t kScopeCapacity = 256;
inline constexpr uint32_t kSiteCapacity = 1u << 18;
inline constexpr uint32_t kStackCapacity = 1u << 18;
inline constexpr uint32_t kFramesPerStack = 128;     ///< at most; deeper stacks are cut at their outer end
inline constexpr uint32_t kMeanFramesPerStack = 48;  ///< capacity of the table of frames
inline constexpr uint32_t kModuleCapacity = 1024;
inline constexpr uint32_t kFilterCapacity = 1024;   ///< lines of a stack filter
inline constexpr uint32_t kSegmentCapacity = 4096;  ///< segment 0 and thread slots
inline constexpr uint32_t kMappingCapacity = 1000;

inline constexpr uint32_t kResourceCapacity = 4096;
inline constexpr uint64_t kStackBit = 1ULL << 63;
inline constexpr unsigned kModuleShift = 48;
inline constexpr uint64_t kAddressMask = (1ULL << kModuleShift) - 1;

inline constexpr uint32_t kForeignId = 0;
inline constexpr uint32_t kFirstScopeId = 1;
inline constexpr uint32_t kFirstSiteId = kFirstScopeId + kScopeCapacity;

/// Scope that stands for all scopes beyond the capacity.
inline constexpr uint32_t kOtherScopes = kScopeCapacity - 1;

enum : uint32_t { kDepthCount = 1, kDepthSites = 2, kDepthStacks = 3 };

enum : uint32_t {
  /// allocatedBytes - freedBytes is in the allocator's usable bytes (depth count keeps nothing per block and
  /// asks the allocator). allocatedBytes alone is always as requested.
  kLiveBytesAreUsable = 1,
  /// The allocator does not report usable bytes: at depth count live bytes stay 0.
  kLiveBytesUnknown = 2,
};

/// Kinds of ResourceSite.
enum : uint32_t {
  kResourceMapping = 1,
  kResourceDescriptor = 2,
  kResourceThread = 3,
  kResourceProcess = 4,  ///< made by fork, posix_spawn, clone; until it is waited for
  kResourceWatch = 5,    ///< of inotify
  kResourceTimer = 6,    ///< POSIX timers
  kResourceSharedMemory = 7,
  kResourceSemaphore = 8,
  kResourceMessageQueue = 9,  ///< of System V
  kResourceThreadKey = 10,
  kResourceFile = 11,          ///< a name in a directory for temporary files
  kResourcePosixQueue = 12,    ///< a name of a POSIX message queue
  kResourceRegistration = 13,  ///< of a descriptor with epoll
  kResourceLock = 14,          ///< on a file, or on a part of one
};

struct ControlPage {
  uint64_t magic;
  uint32_t layoutVersion;
  uint32_t epoch;  ///< number of the checkpoint interval; read by the shim at each allocation
  uint8_t unused[4080];
};

/// Private memory of the shim in the target. The reader asks the kernel how much of it is resident.
struct PrivateMapping {
  uint64_t address;
  uint64_t bytes;
};

struct RegionHeader {
  uint64_t magic;
  uint32_t layoutVersion;
  uint32_t headerBytes;
  uint32_t depth;
  uint32_t flags;
  uint32_t pid;
  uint32_t unusedWord;
  uint64_t startTicks;  ///< field 22 of /proc/PID/stat: detects a reused pid
  uint64_t createdNs;   ///< CLOCK_MONOTONIC: of two images of one process, the later one is alive
  uint32_t scopeCapacity;
  uint32_t siteCapacity;
  uint32_t segmentCapacity;
  uint32_t mappingCapacity;
  uint32_t moduleCapacity;
  uint32_t stackCapacity;
  uint64_t frameCapacity;
  uint64_t scopesOffset;
  uint64_t modulesOffset;
  uint64_t sitesOffset;
  uint64_t stacksOffset;
  uint64_t framesOffset;
  uint64_t segmentsOffset;
  uint64_t segmentBytes;

  // Everything below is written while the process runs. A count is stored after the entries that it counts.
  uint32_t scopeCount;
  uint32_t siteCount;
  uint32_t segmentCount;
  uint32_t mappingCount;
  uint32_t moduleCount;
  uint32_t stackCount;
  uint64_t frameCount;
  uint64_t threadsSeen;
  uint64_t eventsDropped;         ///< must be 0
  uint64_t unlistedMappingBytes;  ///< private memory beyond mappingCapacity
  uint64_t resourcesOffset;
  uint32_t resourceCapacity;
  uint32_t resourceCount;
  uint64_t resourcesFolded;  ///< opened while the table of resource sites was full
  uint64_t stacksFolded;     ///< blocks, mappings ... counted by their caller because a table was full
  uint64_t stacksMissed;  ///< blocks, mappings ... counted by their caller because they could not be unwound
  uint64_t unused[19];
  PrivateMapping mappings[kMappingCapacity];
};

struct ScopeName {
  char text[64];  ///< ends with a zero
};

/// Identifies a site. Size class: see sizeClassOf.
struct SiteKey {
  uint64_t caller;  ///< packed location of the return address, or kStackBit and the number of the stack; 0:
                    ///< not written yet
  uint16_t sizeClass;
  uint16_t scope;
  uint32_t epoch;
};

/// A call stack: frames[firstFrame] is the caller of the allocator, then its caller ...
struct Stack {
  uint64_t hash;
  uint32_t firstFrame;
  uint16_t frameCount;  ///< at least 1
  uint16_t truncated;   ///< 1: there were more than kFramesPerStack
};

/// A loaded file. An address in it minus `bias` is an address in the file.
struct Module {
  uint64_t start;
  uint64_t end;
  uint64_t bias;
  char path[232];  ///< symbolic links in its directories are not resolved; ends with a zero
};

struct Counter {
  uint64_t allocations;
  uint64_t frees;
  uint64_t allocatedBytes;
  uint64_t freedBytes;
};

/// Where resources other than heap blocks were opened. Each event costs a system call anyway, so its counts
/// are plain atomic sums.
struct ResourceSite {
  uint64_t caller;  ///< return address, or kStackBit and the number of the stack
  uint32_t kind;
  uint32_t unusedWord;
  uint64_t opened;
  uint64_t closed;       ///< unmapped, closed; of a thread: joined or detached; of a process: waited for
  uint64_t openedBytes;  ///< mappings and shared memory only
  uint64_t closedBytes;
};

static_assert(sizeof(ControlPage) == 4096);
static_assert(sizeof(RegionHeader) == 16384);
static_assert(offsetof(RegionHeader, scopeCount) == 136 && offsetof(RegionHeader, mappings) == 384);
static_assert(sizeof(ScopeName) == 64 && sizeof(SiteKey) == 16 && sizeof(Counter) == 32);
static_assert(sizeof(ResourceSite) == 48);
static_assert(sizeof(Stack) == 16 && sizeof(Module) == 256);
static_assert(sizeof(RegionHeader::mappings) == kMappingCapacity * 16);

/// Up to this many bytes each size is its own class.
inline constexpr uint64_t kExactClassBytes = 1024;

/// After kExactClassBytes eight classes for each power of two.
constexpr uint16_t sizeClassOf(uint64_t bytes) {
  if (bytes <= kExactClassBytes) return static_cast<uint16_t>(bytes);
  const uint64_t last = bytes - 1;
  const unsigned power = 63 - static_cast<unsigned>(__builtin_clzll(last));
  const unsigned eighth = static_cast<unsigned>(last >> (power - 3)) & 7;
  return static_cast<uint16_t>(1025 + (power - 10) * 8 + eighth);
}

/// Largest size of a class, in bytes.
constexpr uint64_t sizeClassLimit(uint16_t sizeClass) {
  if (sizeClass <= 1024) return sizeClass;
  const unsigned power = 10 + (sizeClass - 1025u) / 8;
  const unsigned eighth = (sizeClass - 1025u) % 8;
  return static_cast<uint64_t>(9 + eighth) << (power - 3);
}

constexpr uint64_t counterCapacity(uint32_t siteCapacity) { return uint64_t{kFirstSiteId} + siteCapacity; }

constexpr uint64_t roundUpToPage(uint64_t bytes) { return (bytes + 4095) & ~uint64_t{4095}; }

/// Capacities of the tables of a region, in entries.
struct Capacities {
  uint32_t sites = kSiteCapacity;
  uint32_t stacks = kStackCapacity;
};

constexpr uint64_t frameCapacity(uint32_t stackCapacity) {
  const uint64_t mean = uint64_t{stackCapacity} * kMeanFramesPerStack;
  return mean > kFramesPerStack ? mean : kFramesPerStack;
}

/// Fills in the capacities and offsets of a region.
constexpr void placeTables(RegionHeader& header, Capacities capacities) {
  header.scopeCapacity = kScopeCapacity;
  header.siteCapacity = capacities.sites;
  header.segmentCapacity = kSegmentCapacity;
  header.mappingCapacity = kMappingCapacity;
  header.moduleCapacity = kModuleCapacity;
  header.stackCapacity = capacities.stacks;
  header.frameCapacity = frameCapacity(capacities.stacks);
  header.scopesOffset = sizeof(RegionHeader);
  header.resourceCapacity = kResourceCapacity;
  header.modulesOffset = header.scopesOffset + roundUpToPage(uint64_t{kScopeCapacity} * sizeof(ScopeName));
  header.sitesOffset = header.modulesOffset + roundUpToPage(uint64_t{kModuleCapacity} * sizeof(Module));
  header.stacksOffset = header.sitesOffset + roundUpToPage(uint64_t{capacities.sites} * sizeof(SiteKey));
  header.framesOffset = header.stacksOffset + roundUpToPage(uint64_t{capacities.stacks} * sizeof(Stack));
  header.resourcesOffset = header.framesOffset + roundUpToPage(header.frameCapacity * sizeof(uint64_t));
  header.segmentsOffset =
      header.resourcesOffset + roundUpToPage(uint64_t{kResourceCapacity} * sizeof(ResourceSite));
  header.segmentBytes = roundUpToPage(counterCapacity(capacities.sites) * sizeof(Counter));
}

}  // namespace leakgate::layout
