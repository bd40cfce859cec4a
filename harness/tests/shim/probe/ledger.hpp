// What the probe knows that it has done, in a file that outlives it: the truth that the counters are held
// against. The test makes the file, <LEAKGATE_DIR>/ledger, and the probe writes to it.
#pragma once

#include <stdint.h>

namespace ledger {

/// The probe's functions that allocate. Blocks are booked by the one that made them, also when freed.
inline constexpr const char* kMakers[] = {"exchange_malloc", "exchange_calloc",    "exchange_aligned",
                                          "exchange_new",    "exchange_new_array", "exchange_new_aligned",
                                          "exchange_realloc"};
inline constexpr unsigned kMakerCount = 7;
inline constexpr unsigned kWorkers = 4;
inline constexpr unsigned kForks = 100;

struct Sum {
  uint64_t allocations;
  uint64_t frees;
  uint64_t allocatedBytes;  ///< as asked for
  uint64_t freedBytes;
  uint64_t usableBytes;  ///< of live blocks, as the allocator says; below zero where more is freed than made
};

/// Of one thread, its only writer: an event is in `begun` before the allocator is asked, in `done` after.
struct Account {
  Sum begun;
  Sum done[kMakerCount];
};

/// A child of fork. What it inherited and freed is booked as freed here.
struct Child {
  uint64_t pid;
  Account account;
};

struct Ledger {
  uint64_t seed;  ///< of the next round; the test writes it
  Account workers[kWorkers];
  Child children[kForks];
};

}  // namespace ledger
