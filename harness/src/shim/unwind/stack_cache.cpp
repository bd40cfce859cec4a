#include "shim/unwind/stack_cache.hpp"

#include <string.h>

#include "shim/private_memory.hpp"
#include "shim/unwind/unwind_module.hpp"

namespace leakgate::shim {

namespace {

constexpr uint64_t kPageBytes = 4096;

}  // namespace

uint32_t gStacksForgotten = 0;

void forgetUnloadedStacks() noexcept {
  if (retireUnloadedModules()) __atomic_fetch_add(&gStacksForgotten, 1, __ATOMIC_RELEASE);
}

StackCache* StackCache::make() noexcept {
  return static_cast<StackCache*>(mapPrivate(sizeof(StackCache), AtFork::wipe));
}

const WalkLog& StackCache::walk(const CallerFrame& from, uint32_t frameLimit) noexcept {
  walkStack(from, frameLimit, readable_, log_);
  ++ends_[static_cast<unsigned>(log_.end)];
  return log_;
}

uint64_t StackCache::blockBytes(const WalkLog& log, uint32_t words) noexcept {
  return (log.usesBp ? sizeof(uint64_t) : 0) + words * (sizeof log.values[0] + sizeof log.offsets[0]);
}

// A block does not wrap around the ring's end.
uint64_t StackCache::reserve(uint64_t bytes) noexcept {
  const uint64_t rest = kRingBytes - head_ % kRingBytes;
  if (bytes > rest) head_ += rest;
  const uint64_t position = head_;
  head_ += bytes;
  return position;
}

StackCache::Entry& StackCache::advance(Entry (&set)[kWays], unsigned way) noexcept {
  if (way < kNearWays && ++nearHits_ % kPatience != 0) return set[way];
  const Entry moved = set[way];
  set[way] = set[way / 2];
  set[way / 2] = moved;
  return set[way / 2];
}

StackCache::Entry& StackCache::entryToReplace(const CallerFrame& from) noexcept {
  auto& set = sets_[setOf(from)];
  for (Entry& entry : set) {
    if (entry.id == 0 || !isWhole(entry)) return entry;
  }
  return set[nextWay_++ % kWays];
}

// Fills the log's last group up, and copies the words.
void StackCache::writeGroups(WalkLog& log, uint64_t sp, uint32_t words, uint64_t* values) noexcept {
  for (uint32_t i = log.wordCount; i < words; ++i) {
    log.values[i] = log.values[log.wordCount - 1];
    log.offsets[i] = log.offsets[log.wordCount - 1];
  }
  memcpy(values, log.values, words * sizeof log.values[0]);
  auto* offsets = reinterpret_cast<uint32_t*>(values + words);
  for (const uint32_t* from = log.offsets; from != log.offsets + words; from += kGroup, offsets += kGroup) {
    uint64_t differing = 0;
    for (uint32_t i = 0; i < kGroup; ++i) {
      offsets[i] = from[i] & ~WalkLog::kIsFrame;
      differing |= (sp + offsets[i]) ^ (sp + offsets[0]);
    }
    if (differing >= kPageBytes) offsets[0] |= kApart;
  }
}

bool StackCache::apartGroupMatches(const uint64_t* values, const uint32_t* offsets, uint64_t sp) noexcept {
  for (uint32_t i = 0; i < kGroup; ++i) {
    if (*reinterpret_cast<const uint64_t*>(sp + (offsets[i] & ~kApart)) != values[i]) return false;
  }
  return true;
}

StackCache::Entry& StackCache::keep(const CallerFrame& from, uint32_t id) noexcept {
  if (!log_.isNear) {
    passing_ = {from.sp, from.pc, 0, 0, id, 0, 0, 0};
    return passing_;
  }
  const uint32_t words = (log_.wordCount + kGroup - 1) / kGroup * kGroup;
  const uint64_t position = reserve(blockBytes(log_, words));
  auto* at = reinterpret_cast<uint64_t*>(ring_ + position % kRingBytes);
  if (log_.usesBp) *at++ = from.bp;
  writeGroups(log_, from.sp, words, at);
  Entry& entry = entryToReplace(from);
  entry = {from.sp, from.pc, position, 0, id, 0, static_cast<uint16_t>(words), log_.usesBp};
  return entry;
}

void StackCache::forget() noexcept {
  forgotten_ = __atomic_load_n(&gStacksForgotten, __ATOMIC_ACQUIRE);
  memset(sets_, 0, sizeof sets_);
}

}  // namespace leakgate::shim
