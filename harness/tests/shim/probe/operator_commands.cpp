// operator new and delete in all their forms.
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <new>

#include "probe/command.hpp"

namespace {

constexpr size_t kTooMuch = PTRDIFF_MAX;
constexpr std::align_val_t kAlign{64};

void* gReserve = nullptr;

// As programs do: give up a reserve once, then give up.
void releaseReserve() {
  free(gReserve);
  gReserve = nullptr;
  std::set_new_handler(nullptr);
}

rlimit gFormerLimit;

void restoreLimit() {
  setrlimit(RLIMIT_AS, &gFormerLimit);
  std::set_new_handler(nullptr);
}

}  // namespace

extern "C" {

void probe_new() { ::operator delete(::operator new(24)); }
void probe_new_array() { ::operator delete[](::operator new[](25)); }
void probe_new_nothrow() { ::operator delete(::operator new(26, std::nothrow), std::nothrow); }
void probe_new_array_nothrow() { ::operator delete[](::operator new[](27, std::nothrow), std::nothrow); }
void probe_new_aligned() { ::operator delete(::operator new(28, kAlign), kAlign); }
void probe_new_array_aligned() { ::operator delete[](::operator new[](29, kAlign), kAlign); }
void probe_new_aligned_nothrow() {
  ::operator delete(::operator new(30, kAlign, std::nothrow), kAlign, std::nothrow);
}
void probe_new_array_aligned_nothrow() {
  ::operator delete[](::operator new[](31, kAlign, std::nothrow), kAlign, std::nothrow);
}
void probe_delete_sized() { ::operator delete (::operator new(32), size_t{32}); }
void probe_delete_array_sized() { ::operator delete[](::operator new[](33), size_t{33}); }
void probe_delete_sized_aligned() { ::operator delete (::operator new(34, kAlign), size_t{34}, kAlign); }
void probe_delete_array_sized_aligned() {
  ::operator delete[](::operator new[](35, kAlign), size_t{35}, kAlign);
}

void probe_new_fails() {
  gReserve = malloc(50);
  std::set_new_handler(releaseReserve);
  try {
    ::operator delete(::operator new(kTooMuch));
    abort();
  } catch (const std::bad_alloc&) {
    if (gReserve != nullptr) abort();  // the new-handler has not run
  }
}

void probe_new_second_try() {
  getrlimit(RLIMIT_AS, &gFormerLimit);
  rlimit tight = gFormerLimit;
  tight.rlim_cur = 1 << 20;  // less than the program has
  setrlimit(RLIMIT_AS, &tight);
  std::set_new_handler(restoreLimit);
  ::operator delete(::operator new (size_t{64} << 20));
}

void probe_new_nothrow_fails() {
  if (::operator new(kTooMuch, std::nothrow) != nullptr) abort();
}

}  // extern "C"

std::span<const Command> operatorCommands() {
  static constexpr Command kCommands[] = {
      {"new", probe_new},
      {"new_array", probe_new_array},
      {"new_nothrow", probe_new_nothrow},
      {"new_array_nothrow", probe_new_array_nothrow},
      {"new_aligned", probe_new_aligned},
      {"new_array_aligned", probe_new_array_aligned},
      {"new_aligned_nothrow", probe_new_aligned_nothrow},
      {"new_array_aligned_nothrow", probe_new_array_aligned_nothrow},
      {"delete_sized", probe_delete_sized},
      {"delete_array_sized", probe_delete_array_sized},
      {"delete_sized_aligned", probe_delete_sized_aligned},
      {"delete_array_sized_aligned", probe_delete_array_sized_aligned},
      {"new_fails", probe_new_fails},
      {"new_second_try", probe_new_second_try},
      {"new_nothrow_fails", probe_new_nothrow_fails},
  };
  return kCommands;
}
