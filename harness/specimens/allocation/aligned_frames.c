// Two aligned buffers for each request, from aligned_alloc and posix_memalign, and only the newest pair is
// known.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

void* frame;
void* page;

__attribute__((noinline)) static void takeFrame(void) { frame = aligned_alloc(64, 192); }

__attribute__((noinline)) static int takePage(void) { return posix_memalign(&page, 4096, 512); }

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  takeFrame();
  if (takePage() != 0) return 500;
  memcpy(frame, request->path, 1);
  memcpy(page, request->path, 1);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
