// A request has a buffer at one stage, freed at the next, and forgotten when the client leaves in between.
// Built once for each stage.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static char* takeBuffer(void) {
  char* buffer = malloc(96);
  buffer[0] = '\0';
  return buffer;
}

static void entered(struct Connection* connection, enum Stage stage) {
  if (stage == SPECIMEN_STAGE) {
    connection->state = takeBuffer();
  } else {
    free(connection->state);
    connection->state = NULL;
  }
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  return strcmp(request->path, "/later") == 0 ? kLater : 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.entered = entered, .respond = respond};
  return runPlainServer(argc, argv, &service);
}
