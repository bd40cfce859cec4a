// A list of visits, one malloc each, that is never cut. All of it is reachable,
// so LeakSanitizer is silent.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

struct Visit {
  struct Visit* before;
  char path[48];
};

static struct Visit* last;

__attribute__((noinline)) static void rememberVisit(const char* path) {
  struct Visit* visit = malloc(sizeof *visit);
  visit->before = last;
  strncpy(visit->path, path, sizeof visit->path - 1);
  visit->path[sizeof visit->path - 1] = '\0';
  last = visit;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  rememberVisit(request->path);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
