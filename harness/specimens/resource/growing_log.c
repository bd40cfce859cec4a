// A log in memory: one mapping that mremap extends forever. The clean one starts again at its start when it
// is full.
#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "plain/plain_server.h"

enum { kLineBytes = 128, kPageBytes = 4096, kFullBytes = 65536 };

static char* text;
static size_t capacity = kPageBytes;
static size_t used;

__attribute__((noinline)) static bool lengthen(void) {
  char* moved = mremap(text, capacity, capacity + kPageBytes, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) return false;
  text = moved;
  capacity += kPageBytes;
  return true;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (!SPECIMEN_SICK && used == kFullBytes) used = 0;
  if (used + kLineBytes > capacity && !lengthen()) return 500;
  memset(text + used, request->path[0], kLineBytes);
  used += kLineBytes;
  return 200;
}

int main(int argc, char** argv) {
  text = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (text == MAP_FAILED) return 3;
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
