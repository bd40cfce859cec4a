// A connection remembers the host that was asked for. From its second request on the name before is
// overwritten and lost. The clean twin frees it.
#include <stdbool.h>
#include <stdlib.h>

#include "plain/plain_server.h"

enum { kHostBytes = 40 };

__attribute__((noinline)) static void rememberHost(struct Connection* connection) {
  if (!SPECIMEN_SICK) free(connection->state);
  connection->state = malloc(kHostBytes);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)request;
  rememberHost(connection);
  return 200;
}

static void closed(struct Connection* connection, enum Stage stage) {
  (void)stage;
  free(connection->state);
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond, .closed = closed};
  return runPlainServer(argc, argv, &service);
}
