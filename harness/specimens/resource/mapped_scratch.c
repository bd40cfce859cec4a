// Anonymous memory for each request, never unmapped. The kernel joins such neighbours into one mapping, so
// that their number says nothing: it takes the calls themselves.
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/mman.h>

#include "plain/plain_server.h"

enum { kScratchBytes = 16384 };

__attribute__((noinline)) static char* mapScratch(void) {
  char* scratch = mmap(NULL, kScratchBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return scratch == MAP_FAILED ? NULL : scratch;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  char* scratch = mapScratch();
  if (scratch == NULL) return 500;
  scratch[0] = request->path[0];
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
