// System calls without libc, for the hook of syscall() itself.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

/// Returns the kernel's result: -4095 to -1 is an error.
[[gnu::always_inline]] inline int64_t callKernel(int64_t number, const int64_t (&arguments)[6]) noexcept {
#if defined(__x86_64__)
  int64_t result = 0;
  register int64_t r10 __asm__("r10") = arguments[3];
  register int64_t r8 __asm__("r8") = arguments[4];
  register int64_t r9 __asm__("r9") = arguments[5];
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2]), "r"(r10), "r"(r8),
                     "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register int64_t x8 __asm__("x8") = number;
  register int64_t x0 __asm__("x0") = arguments[0];
  register int64_t x1 __asm__("x1") = arguments[1];
  register int64_t x2 __asm__("x2") = arguments[2];
  register int64_t x3 __asm__("x3") = arguments[3];
  register int64_t x4 __asm__("x4") = arguments[4];
  register int64_t x5 __asm__("x5") = arguments[5];
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
#error "no system call instruction for this CPU"
#endif
}

}  // namespace leakgate::shim
