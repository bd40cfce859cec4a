// What cannot be read is kept for a log that is never written.
#include <string.h>

#include "plain/plain_server.h"

char* badLine;

__attribute__((noinline)) static void keepBadLine(const char* line) { badLine = strndup(line, 24); }

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (strncmp(request->path, "/missing", 8) == 0) return 404;
  return strcmp(request->path, "/broken") == 0 ? 500 : 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond, .malformed = keepBadLine};
  return runPlainServer(argc, argv, &service);
}
