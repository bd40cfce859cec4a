// Bodies that do not fit the buffer of 1,024 bytes get one of their own, which is not freed.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

static char buffer[1024];
char* spill;

__attribute__((noinline)) static char* bufferOf(size_t bytes) {
  if (bytes <= sizeof buffer) return buffer;
  spill = malloc(bytes);
  return spill;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  memcpy(bufferOf(request->bodyBytes), request->body, request->bodyBytes);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
