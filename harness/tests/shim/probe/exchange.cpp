#include "probe/exchange.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <new>

#include "probe/command.hpp"

using namespace ledger;

namespace {

constexpr unsigned kRealloc = kMakerCount - 1;
constexpr uint64_t kRoundOperations = 1500;
constexpr uint64_t kPauseAfter = 100;

// At the start of each block.
struct Label {
  uint32_t bytes;
  uint32_t maker;
};

std::array<std::atomic<void*>, 256> gHands;
std::atomic<unsigned> gRound{0};
std::atomic<unsigned> gWorking{0};
std::atomic<uint64_t> gLimit{0};  // operations of a round

void add(uint64_t& word, uint64_t by) { __atomic_store_n(&word, word + by, __ATOMIC_RELEASE); }

Label& labelOf(void* block) { return *static_cast<Label*>(block); }

}  // namespace

extern "C" {

void* exchange_malloc(size_t bytes) { return malloc(bytes); }
void* exchange_calloc(size_t bytes) { return calloc(1, bytes); }
void* exchange_aligned(size_t bytes) {
  void* block = nullptr;
  return posix_memalign(&block, 64, bytes) == 0 ? block : nullptr;
}
void* exchange_new(size_t bytes) { return ::operator new(bytes); }
void* exchange_new_array(size_t bytes) { return ::operator new[](bytes); }
void* exchange_new_aligned(size_t bytes) { return ::operator new (bytes, std::align_val_t{128}); }
void* exchange_realloc(void* block, size_t bytes) { return realloc(block, bytes); }

}  // extern "C"

namespace {

void deleteArray(void* block) { ::operator delete[](block); }
void deletePlain(void* block) { ::operator delete(block); }
void deleteAligned(void* block) { ::operator delete (block, std::align_val_t{128}); }

struct Maker {
  void* (*make)(size_t bytes);
  void (*drop)(void* block);
};

const Maker kMakersByNumber[kMakerCount] = {{exchange_malloc, free},
                                            {exchange_calloc, free},
                                            {exchange_aligned, free},
                                            {exchange_new, deletePlain},
                                            {exchange_new_array, deleteArray},
                                            {exchange_new_aligned, deleteAligned},
                                            {nullptr, free}};

void bookMaking(Account& account, uint32_t bytes) {
  add(account.begun.allocations, 1);
  add(account.begun.allocatedBytes, bytes);
}

void* bookMade(Account& account, void* block, Label label) {
  if (block == nullptr) abort();
  labelOf(block) = label;
  Sum& done = account.done[label.maker];
  add(done.allocations, 1);
  add(done.allocatedBytes, label.bytes);
  add(done.usableBytes, malloc_usable_size(block));
  return block;
}

void bookDropping(Account& account, Label label) {
  add(account.begun.frees, 1);
  add(account.begun.freedBytes, label.bytes);
}

void bookDropped(Account& account, Label label, size_t usableBytes) {
  Sum& done = account.done[label.maker];
  add(done.frees, 1);
  add(done.freedBytes, label.bytes);
  add(done.usableBytes, uint64_t{0} - usableBytes);
}

}  // namespace

uint32_t Exchange::draw(uint32_t limit) {
  state_ = state_ * 6364136223846793005u + 1442695040888963407u;
  return static_cast<uint32_t>(state_ >> 33) % limit;
}

// Small ones, some that the allocator maps.
uint32_t Exchange::drawBytes() {
  const uint32_t one = draw(1024);
  const uint32_t most = one == 0 ? 400000 : one < 16 ? 40000 : 600;
  return static_cast<uint32_t>(sizeof(Label)) + draw(most);
}

void* Exchange::make() {
  const Label label{drawBytes(), draw(kRealloc)};
  bookMaking(account_, label.bytes);
  return bookMade(account_, kMakersByNumber[label.maker].make(label.bytes), label);
}

void* Exchange::resize(void* block) {
  if (block == nullptr || kMakersByNumber[labelOf(block).maker].drop != free) return block;
  const Label before = labelOf(block);
  const Label after{drawBytes(), kRealloc};
  const size_t usableBytes = malloc_usable_size(block);
  bookDropping(account_, before);
  bookMaking(account_, after.bytes);
  void* moved = exchange_realloc(block, after.bytes);
  bookDropped(account_, before, usableBytes);
  return bookMade(account_, moved, after);
}

void Exchange::drop(void* block) {
  if (block == nullptr) return;
  const Label label = labelOf(block);
  const size_t usableBytes = malloc_usable_size(block);
  bookDropping(account_, label);
  kMakersByNumber[label.maker].drop(block);
  bookDropped(account_, label, usableBytes);
}

void Exchange::operate() {
  std::atomic<void*>& hand = gHands[draw(gHands.size())];
  const uint32_t what = draw(8);
  if (what == 0) return drop(hand.exchange(nullptr));
  drop(hand.exchange(what == 1 ? resize(hand.exchange(nullptr)) : make()));
}

Ledger& theLedger() {
  static Ledger* const mapped = [] {
    char path[256];
    const char* directory = getenv("LEAKGATE_DIR");
    snprintf(path, sizeof path, "%s/ledger", directory != nullptr ? directory : "");
    const int file = open(path, O_RDWR | O_CLOEXEC);
    const int flags = file >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS;
    void* memory = mmap(nullptr, sizeof(Ledger), PROT_READ | PROT_WRITE, flags, file, 0);
    if (memory == MAP_FAILED) abort();
    if (file >= 0) close(file);
    return static_cast<Ledger*>(memory);
  }();
  return *mapped;
}

namespace {

void* work(void* account) {
  const auto number = static_cast<uint64_t>(static_cast<Account*>(account) - theLedger().workers);
  for (unsigned seen = 0;;) {
    gRound.wait(seen);
    seen = gRound;
    Exchange exchange(*static_cast<Account*>(account), theLedger().seed * kWorkers + number);
    for (uint64_t i = 0; i < gLimit; ++i) {
      exchange.operate();
      if (i % kPauseAfter == 0) usleep(20);  // lets others in, where processors are few
    }
    if (--gWorking == 0) gWorking.notify_all();
  }
}

void setGoing(uint64_t operations) {
  gLimit = operations;
  gWorking = kWorkers;
  ++gRound;
  gRound.notify_all();
}

void awaitEnd() {
  for (unsigned working = gWorking; working != 0; working = gWorking) gWorking.wait(working);
}

}  // namespace

void startExchange() { setGoing(UINT64_MAX); }

void stopExchange() {
  gLimit = 0;
  awaitEnd();
}

uint64_t exchangeProgress() {
  uint64_t sum = 0;
  for (const Account& worker : theLedger().workers) {
    sum += __atomic_load_n(&worker.begun.allocations, __ATOMIC_RELAXED);
  }
  return sum;
}

extern "C" {

// The workers wait from now on. What their start allocates is no part of any round.
void probe_exchange_open() {
  for (Account& account : theLedger().workers) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, work, &account) != 0) abort();
  }
}

// Leaves some two hundred blocks alive.
void probe_exchange_round() {
  setGoing(kRoundOperations);
  awaitEnd();
}

void probe_exchange_start() { startExchange(); }

}  // extern "C"

std::span<const Command> exchangeCommands() {
  static constexpr Command kCommands[] = {{"exchange_open", probe_exchange_open},
                                          {"exchange_round", probe_exchange_round},
                                          {"exchange_start", probe_exchange_start}};
  return kCommands;
}
