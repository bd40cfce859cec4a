// Each request takes large and small blocks in turn and gives back all but one small one, which takes the
// place of an older. What lives is the same after every request; it pins a heap full of holes.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kPinned = 400, kBurst = 16, kSmallBytes = 24 };

static char* pinned[kPinned];

static void pin(unsigned turn, char* block) {
  char** place = &pinned[turn % kPinned];
  free(*place);
  *place = block;
}

static void burst(unsigned turn) {
  char* large[kBurst];
  char* small[kBurst];
  for (unsigned i = 0; i < kBurst; ++i) {
    const size_t bytes = 200 + (turn * 37 + i * 211) % 3000;
    large[i] = malloc(bytes);
    small[i] = malloc(kSmallBytes);
    memset(large[i], 'x', bytes);
    memset(small[i], 'y', kSmallBytes);
  }
  pin(turn, small[turn % kBurst]);
  for (unsigned i = 0; i < kBurst; ++i) {
    free(large[i]);
    if (i != turn % kBurst) free(small[i]);
  }
}

static int respond(struct Connection* connection, const struct Request* request) {
  static unsigned turn;
  (void)connection;
  (void)request;
  burst(turn++);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
