#include "allocation_window.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

struct HeapCount {
  bool open = false;
  std::int64_t allocations = 0;
  std::int64_t bytes = 0;
};
thread_local HeapCount heap;

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (heap.open) {
    ++heap.allocations;
    heap.bytes += static_cast<std::int64_t>(bytes);
  }
  const std::size_t rounded = (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
  if (void* const memory = std::aligned_alloc(alignment, rounded)) return memory;
  throw std::bad_alloc();
}

class WindowedMemoryManager final : public benchmark::MemoryManager {
 public:
  void Start() override { heap = HeapCount{}; }
  // The base class asks for both forms in this version of the library.
  void Stop(Result* result) override { Stop(*result); }
  void Stop(Result& result) override {
    result.num_allocs = heap.allocations;
    result.total_allocated_bytes = heap.bytes;
  }
};

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace bench {

AllocationWindow::AllocationWindow(benchmark::State& state) : state_(state) {
  heap = HeapCount{};
  heap.open = true;
}

AllocationWindow::~AllocationWindow() {
  heap.open = false;
  state_.counters["allocs"] =
      static_cast<double>(heap.allocations) / static_cast<double>(state_.iterations());
}

void registerMemoryManager() {
  static WindowedMemoryManager manager;
  benchmark::RegisterMemoryManager(&manager);
}

}  // namespace bench
