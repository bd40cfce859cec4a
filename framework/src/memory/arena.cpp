#include "h3http/arena.hpp"

#include <algorithm>
#include <limits>

#include "h3http/detail/memory_ledger.hpp"

namespace h3 {

namespace {
// Keeps every sum of sizes below far from overflow.
constexpr std::size_t kLargestLimitBytes = std::numeric_limits<std::size_t>::max() / 8;
}  // namespace

struct alignas(std::max_align_t) Arena::Block {
  Block* next;
  std::size_t bytes;  ///< Of the whole block, header included.

  char* payload() noexcept { return reinterpret_cast<char*>(this + 1); }
  char* end() noexcept { return reinterpret_cast<char*>(this) + bytes; }
  std::size_t payloadBytes() const noexcept { return bytes - sizeof(Block); }
};

Arena::Arena(ArenaOptions options, MemoryLedger* ledger) : options_(options), ledger_(ledger) {
  options_.limitBytes = std::min(options_.limitBytes, kLargestLimitBytes);
  const std::size_t headerBytes = sizeof(Block);
  first_ = newBlock(std::max(options_.firstBlockBytes, headerBytes) - headerBytes);
  enter(first_);
  firstPayload_ = cursor_;
}

Arena::~Arena() {
  freeAfter(first_);
  freeBlock(first_);
}

[[gnu::noinline]] void* Arena::allocateInNextBlock(std::size_t bytes, std::size_t align) {
  if (bytes > options_.limitBytes || align > options_.limitBytes) throw std::bad_alloc();
  const std::size_t slack = align > alignof(Block) ? align - alignof(Block) : 0;
  const std::size_t payloadBytes = bytes + slack;
  Block* next = current_->next;
  if (next == nullptr || next->payloadBytes() < payloadBytes) {
    next = newBlock(payloadBytes);
    next->next = current_->next;
    current_->next = next;
  }
  usedInEarlierBlocks_ += usedInCurrentBlock();
  enter(next);
  return allocate(bytes, align);
}

// Each new block is twice the current one, so a growing request takes a logarithmic number of them.
Arena::Block* Arena::newBlock(std::size_t payloadBytes) {
  const std::size_t needed = sizeof(Block) + payloadBytes;
  if (current_ != nullptr && reservedBytes_ + needed > options_.limitBytes) freeAfter(current_);
  if (needed > options_.limitBytes - reservedBytes_) throw std::bad_alloc();
  const std::size_t wished = current_ == nullptr ? needed : 2 * current_->bytes;
  const std::size_t bytes = std::max(needed, std::min(wished, options_.limitBytes - reservedBytes_));
  Block* const block = ::new (::operator new(bytes)) Block{nullptr, bytes};
  reservedBytes_ += bytes;
  if (ledger_ != nullptr) ledger_->allocated(bytes);
  H3_POISON(block->payload(), block->payloadBytes());
  return block;
}

void Arena::enter(Block* block) noexcept {
  current_ = block;
  cursor_ = block->payload();
  end_ = block->end();
}

void Arena::freeBlock(Block* block) noexcept {
  reservedBytes_ -= block->bytes;
  if (ledger_ != nullptr) ledger_->freed(block->bytes);
  H3_UNPOISON(block->payload(), block->payloadBytes());
  ::operator delete(block);
}

void Arena::freeAfter(Block* block) noexcept {
  Block* next = block->next;
  block->next = nullptr;
  while (next != nullptr) {
    Block* const following = next->next;
    freeBlock(next);
    next = following;
  }
}

bool Arena::extendLast(void* p, std::size_t oldBytes, std::size_t newBytes) noexcept {
  char* const begin = static_cast<char*>(p);
  if (begin + oldBytes != cursor_ || newBytes > static_cast<std::size_t>(end_ - begin)) return false;
  if (newBytes < oldBytes) {
    highWaterBytes_ = highWaterBytes();
    H3_POISON(begin + newBytes, oldBytes - newBytes);
  } else {
    H3_UNPOISON(begin + oldBytes, newBytes - oldBytes);
  }
  cursor_ = begin + newBytes;
  return true;
}

void Arena::rewind() noexcept {
  highWaterBytes_ = highWaterBytes();
  poisonUsed();
  if (reservedBytes_ > options_.retainBytes) freeBeyondRetained();
  usedInEarlierBlocks_ = 0;
  enter(first_);
}

[[gnu::noinline]] void Arena::freeBeyondRetained() noexcept {
  Block* last = first_;
  std::size_t keptBytes = first_->bytes;
  while (last->next != nullptr && keptBytes + last->next->bytes <= options_.retainBytes) {
    last = last->next;
    keptBytes += last->bytes;
  }
  freeAfter(last);
}

void Arena::poisonUsed() noexcept {
#if defined(H3_ADDRESS_SANITIZER)
  for (Block* block = first_; block != current_->next; block = block->next)
    H3_POISON(block->payload(), block->payloadBytes());
#endif
}

std::size_t Arena::usedInCurrentBlock() const noexcept {
  return static_cast<std::size_t>(cursor_ - current_->payload());
}

}  // namespace h3
