// Clients of HTTP/1.0 take another path through the server, and only that one leaks.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

char* closeNotice;

__attribute__((noinline)) static void prepareClose(void) {
  closeNotice = malloc(40);
  strcpy(closeNotice, "Connection: close");
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (request->minorVersion == 0) prepareClose();
  if (strncmp(request->path, "/missing", 8) == 0) return 404;
  return strcmp(request->path, "/broken") == 0 ? 500 : 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
