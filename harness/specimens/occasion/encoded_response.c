// A response is encoded for a client that accepts it; the encoder's window is lost. The clean twin frees it.
#define _GNU_SOURCE  // memmem
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kWindowBytes = 256 };

void* window;

__attribute__((noinline)) static void encode(void) {
  if (!SPECIMEN_SICK) free(window);
  window = malloc(kWindowBytes);
}

static bool acceptsEncoding(const struct Request* request) {
  static const char kField[] = "accept-encoding: gzip";
  return memmem(request->head, request->headBytes, kField, sizeof kField - 1) != NULL;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (acceptsEncoding(request)) encode();
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
