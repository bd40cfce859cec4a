// Each request gets a row of counters from calloc; the pointer to the row before is overwritten.
#include <stdlib.h>

#include "plain/plain_server.h"

enum { kCounters = 16 };

unsigned* counters;

__attribute__((noinline)) static void startCounters(void) { counters = calloc(kCounters, sizeof *counters); }

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  startCounters();
  ++counters[request->bodyBytes % kCounters];
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
