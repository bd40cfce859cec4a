// The last 25,000 requests are kept in a list; from then on the oldest is freed for each new one. A straight
// line up to there.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kKept = 25000, kTextBytes = 96 };

struct Entry {
  struct Entry* next;
  char text[kTextBytes];
};

static struct Entry* oldest;
static struct Entry* newest;
static unsigned kept;

static void record(const char* path) {
  struct Entry* entry = calloc(1, sizeof *entry);
  strncpy(entry->text, path, kTextBytes - 1);
  if (newest != NULL)
    newest->next = entry;
  else
    oldest = entry;
  newest = entry;
  if (++kept <= kKept) return;
  struct Entry* gone = oldest;
  oldest = gone->next;
  free(gone);
  --kept;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  record(request->path);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
