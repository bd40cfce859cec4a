// The shim's counters at one moment, as plain values: no mapping, no pointer into the target.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace leakgate {

class CallStacks;

/// A place in a loaded file: what stays the same from run to run while addresses do not.
struct CodeLocation {
  std::string module;  ///< path of the mapped file; "" when the address lies in none
  std::uint64_t offset =
      0;  ///< of the return address, in the file's own virtual addresses (as in addr2line and nm)

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a 0 in each comparison
  friend auto operator<=>(const CodeLocation&, const CodeLocation&) = default;
};

/// Sums over one allocation site: the immediate caller, at depth `stacks` the whole call stack, the
/// allocation scope, the size class and the epoch in which the blocks were allocated. Frees are counted at
/// the site (and epoch) that allocated the block.
struct SiteRow {
  CodeLocation caller;  ///< the stack's innermost frame, where there is a stack
  std::string scope;    ///< innermost allocation scope, "" outside of any
  std::uint64_t sizeClassBytes =
      0;                    ///< largest size of the class; up to 1,024 bytes a class is one exact size
  std::uint32_t epoch = 0;  ///< number of the checkpoint interval, 0 before the first
  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  std::uint64_t allocatedBytes = 0;  ///< as requested by the program
  std::uint64_t freedBytes = 0;
  std::uint32_t stack = 0;  ///< in MemorySnapshot::stacks; 0: by caller alone
};

/// zombie is counted by the kernel only: at its place it is a process that is not waited for. lock and
/// registration have no place.
enum class ResourceKind {
  mapping,
  descriptor,
  thread,
  process,
  zombie,
  sharedMemory,
  semaphore,
  messageQueue,
  posixQueue,  ///< only at its place: the kernel lists it as a message queue
  watch,
  registration,
  timer,
  lock,
  threadKey,
  file
};

/// Resources other than heap blocks, at the place that opened them. A thread is open until it is joined, a
/// detached thread until it ends, a process until it is waited for.
struct ResourceRow {
  ResourceKind kind = ResourceKind::mapping;
  CodeLocation caller;  ///< the stack's innermost frame, where there is a stack
  std::uint64_t opened = 0;
  std::uint64_t closed = 0;
  std::uint64_t openedBytes = 0;  ///< mappings only
  std::uint64_t closedBytes = 0;
  std::uint32_t stack = 0;  ///< in MemorySnapshot::stacks; 0: by caller alone
};

/// At depth `count` nothing is kept per block: allocatedBytes is as requested, and freedBytes is chosen so
/// that liveBytes() is the allocator's usable size of all live blocks (differences are exact; the value is a
/// little more than requested).
struct MemoryTotals {
  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  std::uint64_t allocatedBytes = 0;  ///< requested
  std::uint64_t freedBytes = 0;
  std::int64_t liveBlocks() const { return static_cast<std::int64_t>(allocations - frees); }
  std::int64_t liveBytes() const { return static_cast<std::int64_t>(allocatedBytes - freedBytes); }

  friend bool operator==(const MemoryTotals&, const MemoryTotals&) = default;
};

/// Allocations by scope, of all depths. Live counts are known at depth `sites` only, by the rows.
struct ScopeTotals {
  std::string scope;
  std::uint64_t allocations = 0;
  std::uint64_t allocatedBytes = 0;
};

/// The shim's own cost and losses.
struct ShimAudit {
  std::uint32_t layoutVersion = 0;
  std::uint64_t regionBytes = 0;    ///< resident bytes of the shared region and of the shadow table
  std::uint64_t privateBytes = 0;   ///< the part of them that is the processes' own memory
  std::uint64_t eventsDropped = 0;  ///< allocations or frees that were not counted; must be 0
  std::uint64_t sitesFolded =
      0;  ///< allocations counted in the totals but at no site, because the site table was full
  /// Allocations, and mappings, descriptors and threads opened, that were counted by their caller alone ...
  std::uint64_t stacksFolded = 0;     ///< ... because a table was full
  std::uint64_t stacksMissed = 0;     ///< ... because they could not be unwound
  std::uint64_t resourcesFolded = 0;  ///< opened, but counted at no place: the table was full
  std::uint64_t foreignFrees = 0;     ///< blocks freed that the shim had not seen allocated
  unsigned processes = 0;             ///< live processes that were read
  unsigned threadsSeen = 0;
};

struct MemorySnapshot {
  bool consistent = false;  ///< two readings in a row were equal
  MemoryTotals totals;      ///< over live processes and those that have ended
  std::vector<ScopeTotals> scopes;
  std::vector<SiteRow> sites;                ///< empty at depth `count`; of live processes
  std::vector<ResourceRow> resources;        ///< of live processes, at every depth
  std::shared_ptr<const CallStacks> stacks;  ///< the same for all snapshots of one reader
  ShimAudit audit;
};

}  // namespace leakgate
