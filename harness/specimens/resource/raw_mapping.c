// Memory that is mapped by the system call's own instruction, as runtimes and allocators without libc do: no
// hook sees it, only what is resident does. The clean one unmaps the chunk before the last.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "plain/plain_server.h"

enum { kChunkBytes = 65536, kRequestsPerChunk = 64 };

static int64_t callKernel(int64_t number, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f) {
#if defined(__x86_64__)
  int64_t result;
  register int64_t r10 __asm__("r10") = d;
  register int64_t r8 __asm__("r8") = e;
  register int64_t r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register int64_t x8 __asm__("x8") = number;
  register int64_t x0 __asm__("x0") = a;
  register int64_t x1 __asm__("x1") = b;
  register int64_t x2 __asm__("x2") = c;
  register int64_t x3 __asm__("x3") = d;
  register int64_t x4 __asm__("x4") = e;
  register int64_t x5 __asm__("x5") = f;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#endif
}

static void* mapChunk(void) {
  const int64_t got =
      callKernel(SYS_mmap, 0, kChunkBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return got < 0 ? NULL : (void*)(intptr_t)got;
}

static void unmapChunk(void* chunk) { callKernel(SYS_munmap, (intptr_t)chunk, kChunkBytes, 0, 0, 0, 0); }

static bool takeChunk(void) {
  static void* before;
  void* chunk = mapChunk();
  if (chunk == NULL) return false;
  memset(chunk, 'x', kChunkBytes);
  if (!SPECIMEN_SICK && before != NULL) unmapChunk(before);
  before = chunk;
  return true;
}

static int respond(struct Connection* connection, const struct Request* request) {
  static unsigned turn;
  (void)connection;
  (void)request;
  if (turn++ % kRequestsPerChunk == 0 && !takeChunk()) return 500;
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
