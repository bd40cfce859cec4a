// An allocator of its own over sbrk, as old daemons have. The sick one gives nothing back to its list of free
// records; the clean one takes the oldest record again once there are enough.
#define _DEFAULT_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "plain/plain_server.h"

enum { kRecordBytes = 256, kChunkBytes = 65536, kRecords = 1024 };

static char* records[kRecords];

__attribute__((noinline)) static char* growBreak(void) {
  char* chunk = sbrk(kChunkBytes);
  return chunk == (char*)-1 ? NULL : chunk;
}

static char* freshRecord(void) {
  static char* next;
  static char* end;
  if (next == end) {
    next = growBreak();
    if (next == NULL) return NULL;
    end = next + kChunkBytes;
  }
  char* record = next;
  next += kRecordBytes;
  return record;
}

static char* takeRecord(unsigned turn) {
  char** slot = &records[turn % kRecords];
  if (SPECIMEN_SICK || *slot == NULL) *slot = freshRecord();
  return *slot;
}

static int respond(struct Connection* connection, const struct Request* request) {
  static unsigned turn;
  (void)connection;
  char* record = takeRecord(turn++);
  if (record == NULL) return 500;
  memset(record, request->path[0], kRecordBytes);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
