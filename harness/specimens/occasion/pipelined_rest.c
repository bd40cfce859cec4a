// What has come of the next request is copied for later; the copy of the one before is lost. Only a client
// that pipelines sees it. The clean twin frees the copy.
#include <stdbool.h>
#include <stdlib.h>

#include "plain/plain_server.h"

enum { kRestBytes = 48 };

void* rest;

__attribute__((noinline)) static void keepRest(void) {
  if (!SPECIMEN_SICK) free(rest);
  rest = malloc(kRestBytes);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (request->followingBytes > 0) keepRest();
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
