// The list of allowed methods is allocated for each OPTIONS, and for nothing else.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

char* allowed;

__attribute__((noinline)) static void listMethods(void) {
  allowed = calloc(1, 32);
  strcat(allowed, "GET, POST, OPTIONS");
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (strcmp(request->method, "OPTIONS") == 0) listMethods();
  if (strncmp(request->path, "/missing", 8) == 0) return 404;
  return strcmp(request->path, "/broken") == 0 ? 500 : 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
