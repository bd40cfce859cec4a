#include "h3http/buffer_pool.hpp"

#include <new>

namespace h3 {

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
  char* const data = static_cast<char*>(::operator new(bytesOf(sizeClass)));
  ++stats_.created;
  if (ledger_ != nullptr) ledger_->allocatedParked(bytesOf(sizeClass));
  return data;
}

void BufferPool::destroy(std::size_t sizeClass, char* data) noexcept {
  ::operator delete(data);
  ++stats_.destroyed;
  if (ledger_ != nullptr) ledger_->freedParked(bytesOf(sizeClass));
}

}  // namespace h3
