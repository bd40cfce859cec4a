// Lines are kept until there are so many, then written (here: to nowhere) and freed at once. The second
// buffer's period is most of the run: up to there it looks like a leak.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kLineBytes = 48 };

struct Lines {
  char* lines[3100];
  unsigned count;
  unsigned flushAt;
};

static struct Lines shortPeriod = {.flushAt = 97};
static struct Lines longPeriod = {.flushAt = 3100};

static void flush(struct Lines* kept) {
  while (kept->count > 0) free(kept->lines[--kept->count]);
}

static void add(struct Lines* kept, const char* text) {
  char* line = malloc(kLineBytes);
  strncpy(line, text, kLineBytes - 1);
  line[kLineBytes - 1] = '\0';
  kept->lines[kept->count++] = line;
  if (kept->count == kept->flushAt) flush(kept);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  add(&shortPeriod, request->path);
  add(&longPeriod, request->method);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
