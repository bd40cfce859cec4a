#include "h3http/detail/buffer_pool.hpp"

#include <sys/mman.h>

#include <new>

namespace h3 {
namespace {

// Larger buffers use pages of this size: 16 MiB are 8 page faults instead of 4,096, and a fault costs more
// than zeroing its page.
constexpr std::size_t kHugePageBytes = 2 * 1024 * 1024;
constexpr std::align_val_t kHugePage{kHugePageBytes};

bool wantsHugePages(std::size_t bytes) { return bytes >= 2 * kHugePageBytes; }

void* allocate(std::size_t bytes) {
  if (!wantsHugePages(bytes)) return ::operator new(bytes);
  void* const memory = ::operator new(bytes, kHugePage);
  (void)::madvise(memory, bytes, MADV_HUGEPAGE);  // only a hint: without it the pages are small
  return memory;
}

void deallocate(void* memory, std::size_t bytes) noexcept {
  if (!wantsHugePages(bytes)) return ::operator delete(memory);
  ::operator delete(memory, kHugePage);
}

}  // namespace

BufferPool::BufferPool(BufferPoolOptions options, MemoryLedger* ledger) noexcept
    : options_(options), ledger_(ledger) {}

BufferPool::~BufferPool() {
  assert(stats_.inUse == 0 && "a buffer outlives its pool");
  for (std::size_t i = 0; i < kClassCount; ++i) {
    while (classes_[i].free != nullptr) destroy(i, pop(i));
  }
}

Buffer BufferPool::acquireNew(std::size_t minBytes) {
  if (minBytes > kLargestBytes) throw std::bad_alloc();
  const std::size_t sizeClass = classOf(minBytes);
  char* const data = create(sizeClass);
  ++missed_;
  return lend(sizeClass, data);
}

void BufferPool::prefill(std::size_t bytes, std::size_t count) {
  if (bytes > kLargestBytes) throw std::bad_alloc();
  const std::size_t sizeClass = classOf(bytes);
  classes_[sizeClass].prefillCount += count;
  for (std::size_t i = 0; i < count; ++i) push(sizeClass, create(sizeClass));
}

void BufferPool::trim() noexcept {
  for (std::size_t i = 0; i < kClassCount; ++i) {
    while (classes_[i].freeCount > classes_[i].prefillCount) destroy(i, pop(i));
  }
}

// A new buffer is parked in the ledger first: acquire() takes it from there like any other.
char* BufferPool::create(std::size_t sizeClass) {
  char* const data = static_cast<char*>(allocate(bytesOf(sizeClass)));
  ++stats_.created;
  if (ledger_ != nullptr) ledger_->allocatedParked(bytesOf(sizeClass));
  return data;
}

void BufferPool::destroy(std::size_t sizeClass, char* data) noexcept {
  deallocate(data, bytesOf(sizeClass));
  ++stats_.destroyed;
  if (ledger_ != nullptr) ledger_->freedParked(bytesOf(sizeClass));
}

}  // namespace h3
