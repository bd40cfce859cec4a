// The verified stack cache: finds the id of the calling stack without walking it.
//
//   sets[hash(sp, pc)] -> 16 entries {sp, pc, id, where} --> block in the ring: | rbp? | values | offsets |
//
//   values and offsets in groups of four, the last word repeated where a group is not full
//
// Many stacks share their sp and pc, hence 16: a compiler with 65,000 stacks missed 37 % of its allocations
// with 4 and 6 % with 16, and more entries in all made no difference.
//
// A stored stack consists of the words that its walk read from the stack (see WalkLog). A lookup compares
// each with the current word, in the walk's order, and ends at the first group that differs. A group whose
// words are not all in the page of its first one is compared word by word (kApart), because a page further
// out may be unmapped by now.
//
// Why a hit is exact: where a walk reads next depends only on the registers it started with and on the words
// it has read. Both are equal, so a walk now would read the same words, find the same frames and end in the
// same place. Stale return addresses below the frames cannot mislead it, and it reads no page that the walk
// would not read. One thing is assumed, not compared: that the rules are still the same. So
// forgetUnloadedStacks() is called when a library is unloaded. A library that libc itself unloads (a
// character set's, for iconv) escapes that: a stack could be taken for an earlier one only if another library
// is loaded at its address and its calls return to the very same offsets.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "shim/unwind/stack_walk.hpp"

namespace leakgate::shim {

/// To be called after dlclose: when it has unloaded something, every thread's cache forgets its stacks before
/// it is used next. Threads: any; takes no lock.
void forgetUnloadedStacks() noexcept;

/// How often the caches have had to forget their stacks.
[[gnu::visibility("hidden")]] extern uint32_t gStacksForgotten;

/// The cache of one thread (or of several under a lock). 1.2 MiB, resident as far as it is used. Needs zeroed
/// memory, and no destructor.
class StackCache {
 public:
  /// Made by mapPrivate, wiped by fork. nullptr when the address space is used up. Threads: as mapPrivate.
  static StackCache* make() noexcept;

  /// The site of the calling stack and `attributes`, 0 when there is none.
  ///
  /// An unknown stack is walked and passed to `intern`, which returns its unique id, or 0; then this returns
  /// 0 too. `toSite` makes a site from an id and the attributes, always the same one; it is called when the
  /// attributes differ from the last time. A signal handler that interrupts this gets 0.
  template <typename Intern, typename ToSite>
  uint32_t siteOf(const CallerFrame& from, uint32_t frameLimit, uint64_t attributes, Intern&& intern,
                  ToSite&& toSite) noexcept {
    if (__builtin_expect(busy_, 0)) return 0;
    busy_ = true;
    __atomic_signal_fence(__ATOMIC_ACQ_REL);
    if (__builtin_expect(forgotten_ != __atomic_load_n(&gStacksForgotten, __ATOMIC_ACQUIRE), 0)) forget();
    Entry* entry = find(from);
    if (__builtin_expect(entry == nullptr, 0)) {
      const uint32_t id = intern(walk(from, frameLimit));
      entry = id != 0 ? &keep(from, id) : nullptr;
    }
    const uint32_t site = entry != nullptr ? siteIn(*entry, attributes, toSite) : 0;
    __atomic_signal_fence(__ATOMIC_ACQ_REL);
    busy_ = false;
    return site;
  }

  /// How many walks ended in each way.
  uint64_t walksEnded(WalkEnd how) const noexcept { return ends_[static_cast<unsigned>(how)]; }

 private:
  static constexpr unsigned kSetsLog2 = 8;
  static constexpr unsigned kWays = 16;
  static constexpr unsigned kNearWays = 2;
  static constexpr uint32_t kPatience = 8;  ///< hits on an entry that is near the front before it moves on
  static constexpr uint64_t kRingBytes = 1 << 20;
  static constexpr uint32_t kGroup = 4;
  static constexpr uint32_t kApart = 1;  ///< in the first offset of a group
  static_assert(WalkLog::kWordCapacity % kGroup == 0);

  struct Entry {
    uint64_t sp;
    uint64_t pc;
    uint64_t position;    ///< of its block, in bytes ever written before it
    uint64_t attributes;  ///< of `site`
    uint32_t id;          ///< 0: free
    uint32_t site;        ///< 0: not known yet
    uint16_t wordCount;   ///< of whole groups
    uint16_t usesBp;
  };

  static uint64_t setOf(const CallerFrame& from) noexcept {
    return ((from.pc * 0x9e3779b97f4a7c15ULL ^ from.sp) * 0x9e3779b97f4a7c15ULL) >> (64 - kSetsLog2);
  }
  template <typename ToSite>
  static uint32_t siteIn(Entry& entry, uint64_t attributes, ToSite&& toSite) noexcept {
    if (entry.site == 0 || entry.attributes != attributes) {
      entry.site = toSite(entry.id);
      entry.attributes = attributes;
    }
    return entry.site;
  }

  /// nullptr: not known.
  Entry* find(const CallerFrame& from) noexcept;
  const WalkLog& walk(const CallerFrame& from, uint32_t frameLimit) noexcept;
  Entry& keep(const CallerFrame& from, uint32_t id) noexcept;
  static uint64_t blockBytes(const WalkLog& log, uint32_t words) noexcept;
  static void writeGroups(WalkLog& log, uint64_t sp, uint32_t words, uint64_t* values) noexcept;

  /// Whether its block has not been overwritten yet.
  bool isWhole(const Entry& entry) const noexcept { return head_ - entry.position <= kRingBytes; }
  bool matches(const Entry& entry, const CallerFrame& from) const noexcept;
  static bool groupMatches(const uint64_t* values, const uint32_t* offsets, uint64_t sp) noexcept;
  [[gnu::noinline]] static bool apartGroupMatches(const uint64_t* values, const uint32_t* offsets,
                                                  uint64_t sp) noexcept;
  /// Moves an entry half way to the front, so that stacks in use are found early. Two stacks that alternate
  /// gain nothing by that, and one of the first two may be out of use: those two change places now and then.
  [[gnu::noinline]] Entry& advance(Entry (&set)[kWays], unsigned way) noexcept;
  Entry& entryToReplace(const CallerFrame& from) noexcept;
  uint64_t reserve(uint64_t bytes) noexcept;
  [[gnu::cold]] void forget() noexcept;

  uint64_t head_;  ///< bytes ever written to the ring
  bool busy_;
  uint32_t forgotten_;  ///< value of gStacksForgotten when last checked
  uint32_t nextWay_;
  uint32_t nearHits_;
  ReadableRange readable_;
  uint64_t ends_[kWalkEnds];
  alignas(64) Entry sets_[1u << kSetsLog2][kWays];
  Entry passing_;  ///< of a stack that cannot be kept
  WalkLog log_;
  alignas(64) uint8_t ring_[kRingBytes];
};

[[gnu::always_inline]] inline bool StackCache::groupMatches(const uint64_t* values, const uint32_t* offsets,
                                                            uint64_t sp) noexcept {
  if (__builtin_expect((offsets[0] & kApart) != 0, 0)) return apartGroupMatches(values, offsets, sp);
  const auto difference = [&](uint32_t i) {
    return *reinterpret_cast<const uint64_t*>(sp + offsets[i]) ^ values[i];
  };
  return (difference(0) | difference(1) | difference(2) | difference(3)) == 0;
}

inline bool StackCache::matches(const Entry& entry, const CallerFrame& from) const noexcept {
  const auto* values = reinterpret_cast<const uint64_t*>(ring_ + entry.position % kRingBytes);
  if (entry.usesBp != 0 && *values++ != from.bp) return false;
  const uint64_t* const end = values + entry.wordCount;
  const auto* offsets = reinterpret_cast<const uint32_t*>(end);
  for (const uint64_t sp = from.sp; values != end; values += kGroup, offsets += kGroup) {
    if (!groupMatches(values, offsets, sp)) return false;
  }
  return true;
}

inline StackCache::Entry* StackCache::find(const CallerFrame& from) noexcept {
  auto& set = sets_[setOf(from)];
  for (unsigned way = 0; way < kWays; ++way) {
    Entry& entry = set[way];
    if (entry.id == 0) break;  // they are filled in this order
    if (entry.sp != from.sp || entry.pc != from.pc) continue;
    if (isWhole(entry) && matches(entry, from))
      return __builtin_expect(way == 0, 1) ? &entry : &advance(set, way);
  }
  return nullptr;
}

}  // namespace leakgate::shim
