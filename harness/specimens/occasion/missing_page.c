// The text of a 404 is put together on the heap and never freed; pages that are there, and 500, cost nothing.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

char* problem;

__attribute__((noinline)) static int explainMissing(void) {
  problem = malloc(80);
  strcpy(problem, "there is no such page");
  return 404;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (strcmp(request->path, "/broken") == 0) return 500;
  return strcmp(request->path, "/page") == 0 ? 200 : explainMissing();
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
