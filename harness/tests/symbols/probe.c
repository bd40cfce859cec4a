// Prints the address after a call in probe_leak, as an allocator would see it.
#include <stdio.h>

static void* gAddress;

__attribute__((noinline)) static void allocator_stand_in(void) {
  gAddress = __builtin_return_address(0);
  __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) static void probe_leak(void) {
  allocator_stand_in();  // line 12
  __asm__ volatile("" ::: "memory");
}

int main(void) {
  probe_leak();
  printf("%p\n", gAddress);
  return 0;
}
