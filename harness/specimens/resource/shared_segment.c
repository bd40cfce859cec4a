// A System V segment for each request. The clean server removes it.
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "plain/plain_server.h"
#include "resource/tidy_end.h"

enum { kSegmentsMax = 2000 };

static int segments[kSegmentsMax];
static int count;

__attribute__((noinline)) static void publish(void) {
  const int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  if (segment < 0 || count == kSegmentsMax) abort();
  if (SPECIMEN_SICK)
    segments[count++] = segment;
  else
    shmctl(segment, IPC_RMID, NULL);
}

static void removeAll(void) {
  while (count > 0) shmctl(segments[--count], IPC_RMID, NULL);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  publish();
  return 200;
}

int main(int argc, char** argv) {
  endWith(removeAll);
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
