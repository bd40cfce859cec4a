#include "monitor/process_memory.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>

namespace h3 {
namespace {

// From mimalloc.h, which H3 does not link: the program may link it, or run under it.
struct MimallocArea {
  void* blocks;
  std::size_t reserved;
  std::size_t committed;
  std::size_t used;
  std::size_t blockSize;
};
using VisitBlock = bool(const void* heap, const MimallocArea* area, void* block, std::size_t blockSize,
                        void* argument);
using VisitBlocks = bool(const void* heap, bool visitAllBlocks, VisitBlock* visitor, void* argument);
using DefaultHeap = void*();
using SanitizerBytes = std::size_t();

bool addArea(const void*, const MimallocArea* area, void*, std::size_t, void* argument) {
  *static_cast<std::uint64_t*>(argument) += area->used * area->blockSize;
  return true;
}

struct Allocator {
  VisitBlocks* visitBlocks = nullptr;
  DefaultHeap* defaultHeap = nullptr;
  SanitizerBytes* sanitizerBytes = nullptr;
};

template <class Function>
Function* lookUp(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

const Allocator& allocator() {
  static const Allocator found = [] {
    Allocator tells;
    tells.sanitizerBytes = lookUp<SanitizerBytes>("__sanitizer_get_current_allocated_bytes");
    if (tells.sanitizerBytes != nullptr) return tells;
    tells.defaultHeap = lookUp<DefaultHeap>("mi_heap_get_default");
    if (tells.defaultHeap != nullptr) tells.visitBlocks = lookUp<VisitBlocks>("mi_heap_visit_blocks");
    return tells;
  }();
  return found;
}

}  // namespace

std::uint64_t heapLiveBytesOfThread() {
  const Allocator& tells = allocator();
  std::uint64_t bytes = 0;
  if (tells.visitBlocks != nullptr) (void)tells.visitBlocks(tells.defaultHeap(), false, addArea, &bytes);
  return bytes;
}

std::uint64_t heapLiveBytesOfProcess() {
  const Allocator& tells = allocator();
  if (tells.visitBlocks != nullptr) return 0;
  if (tells.sanitizerBytes != nullptr) return tells.sanitizerBytes();
#if defined(__GLIBC__)
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

ResidentMeter::ResidentMeter() : file_(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {}
ResidentMeter::~ResidentMeter() {
  if (file_ >= 0) ::close(file_);
}

std::uint64_t ResidentMeter::bytes() const {
  char text[128];
  const ssize_t size = file_ < 0 ? -1 : ::pread(file_, text, sizeof text, 0);
  if (size <= 0) return 0;
  const char* const end = text + size;
  const void* const blank = std::memchr(text, ' ', static_cast<std::size_t>(size));
  std::uint64_t pages = 0;
  if (blank != nullptr) (void)std::from_chars(static_cast<const char*>(blank) + 1, end, pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace h3
