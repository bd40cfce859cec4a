// Address space that is reserved once and taken piece by piece. Nothing is mapped or allocated any more: only
// pages become resident. The clean one goes round in the first MiB of it.
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "plain/plain_server.h"

enum { kRecordBytes = 1024, kRingBytes = 1 << 20 };
static const size_t kReserveBytes = (size_t)16 << 30;

static char* reserve;

static int respond(struct Connection* connection, const struct Request* request) {
  static size_t used;
  (void)connection;
  if (used + kRecordBytes > (SPECIMEN_SICK ? kReserveBytes : kRingBytes)) used = 0;
  memset(reserve + used, request->path[0], kRecordBytes);
  used += kRecordBytes;
  return 200;
}

int main(int argc, char** argv) {
  reserve =
      mmap(NULL, kReserveBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserve == MAP_FAILED) return 3;
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
