// A greeting made by asprintf and never freed: the C library allocates, for a caller that only a stack
// shows.
#define _GNU_SOURCE
#include <stdio.h>

#include "plain/plain_server.h"

char* greeting;

__attribute__((noinline)) static int formatGreeting(const char* path) {
  return asprintf(&greeting, "hello %.8s", path) > 0 ? 200 : 500;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  return formatGreeting(request->path);
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
