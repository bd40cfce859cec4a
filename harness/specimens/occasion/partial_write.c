// A response that the client does not take immediately: the rest is copied into a buffer for later, which is
// never freed. The clean twin does.
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kPageBytes = 200 * 1024, kNoteBytes = 64 };

static char page[kPageBytes];

// A queue of copies as many servers have one; here only their first bytes matter.
__attribute__((noinline)) static char* keepRest(size_t unsentBytes) {
  char* rest = malloc(unsentBytes < kNoteBytes ? unsentBytes : kNoteBytes);
  memcpy(rest, page + kPageBytes - unsentBytes, 1);
  return rest;
}

static void stuck(struct Connection* connection, size_t unsentBytes) {
  if (connection->state != NULL && !SPECIMEN_SICK) free(connection->state);
  connection->state = keepRest(unsentBytes);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)request;
  if (!SPECIMEN_SICK) free(connection->state);
  connection->state = NULL;
  return 200;
}

static size_t bodyBytes(const struct Request* request) {
  return strcmp(request->path, "/page") == 0 ? kPageBytes : 3;
}

static void closed(struct Connection* connection, enum Stage stage) {
  (void)stage;
  if (!SPECIMEN_SICK) free(connection->state);
}

int main(int argc, char** argv) {
  const struct Service service = {
      .respond = respond, .bodyBytes = bodyBytes, .stuck = stuck, .closed = closed};
  return runPlainServer(argc, argv, &service);
}
