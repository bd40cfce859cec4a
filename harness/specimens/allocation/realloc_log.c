// A log that realloc makes longer by one record a request: always one block, and ever more bytes.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kRecordBytes = 64 };

static char* records;
static size_t used;

__attribute__((noinline)) static void appendRecord(const char* path) {
  records = realloc(records, used + kRecordBytes);
  strncpy(records + used, path, kRecordBytes);
  used += kRecordBytes;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  appendRecord(request->path);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
