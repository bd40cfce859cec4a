// Threads that free, and reallocate, each other's blocks of all makes, and keep books of it.
#pragma once

#include "probe/ledger.hpp"

/// Blocks that any thread may take next, and the numbers that decide what happens to them.
///
/// Allocates: nothing but what it books.   Threads: one owner for each; the blocks are shared by all.
class Exchange {
 public:
  Exchange(ledger::Account& account, uint64_t seed) : account_(account), state_(seed * 2 + 1) {}

  /// Takes, gives, or changes one block.
  void operate();

 private:
  uint32_t draw(uint32_t limit);
  uint32_t drawBytes();
  void* make();
  void* resize(void* block);
  void drop(void* block);

  ledger::Account& account_;
  uint64_t state_;
};

/// The test's file; memory of this process alone without one. Zero at the start.
ledger::Ledger& theLedger();

/// Sets the workers going, which run until stopExchange().
void startExchange();
void stopExchange();

/// Blocks that the workers have set about to make so far.
uint64_t exchangeProgress();
