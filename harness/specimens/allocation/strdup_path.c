// The path of the newest request is kept as a copy of strdup; the copy before it is not freed.
#include <string.h>

#include "plain/plain_server.h"

char* newestPath;

__attribute__((noinline)) static void keepPath(const char* path) { newestPath = strdup(path); }

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  keepPath(request->path);
  return newestPath[0] == '/' ? 200 : 500;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
