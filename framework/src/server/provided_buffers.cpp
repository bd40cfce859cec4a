#include "server/provided_buffers.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "server/system_failure.hpp"

namespace h3::server {
namespace {

// The ring comes last, at the start of a page as required.
constexpr std::size_t kBuffersBytes = std::size_t{ProvidedBuffers::kCount} * ProvidedBuffers::kBytes;
constexpr std::size_t kMemoryBytes = kBuffersBytes + ProvidedBuffers::kCount * sizeof(io_uring_buf);
constexpr int kMask = ProvidedBuffers::kCount - 1;
static_assert(ProvidedBuffers::kBytes % 4096 == 0);

}  // namespace

ProvidedBuffers::ProvidedBuffers() {
  void* const memory = ::mmap(nullptr, kMemoryBytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) throwSystemError(errno, "memory for io_uring");
  memory_ = static_cast<char*>(memory);
  free_ = reinterpret_cast<io_uring_buf_ring*>(memory_ + kBuffersBytes);
}

ProvidedBuffers::~ProvidedBuffers() { ::munmap(memory_, kMemoryBytes); }

void ProvidedBuffers::provideTo(io_uring& ring) {
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uintptr_t>(free_);
  registration.ring_entries = kCount;
  registration.bgid = kGroup;
  const int failed = io_uring_register_buf_ring(&ring, &registration, 0);
  if (failed != 0) throwSystemError(-failed, "buffers for io_uring");
  io_uring_buf_ring_init(free_);
  for (unsigned i = 0; i < kCount; ++i) giveBack(static_cast<std::uint16_t>(i));
}

void ProvidedBuffers::giveBack(std::uint16_t buffer) {
  io_uring_buf_ring_add(free_, dataOf(buffer), kBytes, buffer, kMask, 0);
  io_uring_buf_ring_advance(free_, 1);
}

void HeldBytes::append(ProvidedBuffers& pool, std::uint16_t buffer, std::size_t bytes) {
  pool.held_[buffer] = {ProvidedBuffers::kNone, static_cast<std::uint16_t>(bytes)};
  if (count_++ == 0) {
    first_ = buffer;
  } else {
    pool.held_[last_].next = buffer;
  }
  last_ = buffer;
}

std::size_t HeldBytes::moveTo(char* into, std::size_t room, ProvidedBuffers& pool) {
  std::size_t moved = 0;
  while (count_ != 0 && moved < room) {
    const std::size_t here = pool.held_[first_].bytes - std::size_t{taken_};
    const std::size_t bytes = std::min(here, room - moved);
    std::memcpy(into + moved, pool.dataOf(first_) + taken_, bytes);
    moved += bytes;
    taken_ = static_cast<std::uint16_t>(taken_ + bytes);
    if (bytes == here) dropFirst(pool);
  }
  return moved;
}

void HeldBytes::clear(ProvidedBuffers& pool) {
  while (count_ != 0) dropFirst(pool);
}

void HeldBytes::dropFirst(ProvidedBuffers& pool) {
  const std::uint16_t emptied = first_;
  first_ = pool.held_[emptied].next;
  taken_ = 0;
  --count_;
  pool.giveBack(emptied);
}

}  // namespace h3::server
