// A thread keeps 64 bytes every 10 ms, whatever the requests. The clean one keeps the last 64 of them.
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plain/plain_server.h"

enum { kBeatUs = 10000, kBeatBytes = 64, kRing = 64 };

char* lastBeat;

__attribute__((noinline)) static char* recordBeat(void) {
  char* beat = malloc(kBeatBytes);
  memset(beat, 0, kBeatBytes);
  lastBeat = beat;
  return beat;
}

static void* beat(void* unused) {
  static char* ring[kRing];
  (void)unused;
  for (unsigned k = 0;; k = (k + 1) % kRing) {
    if (!SPECIMEN_SICK) free(ring[k]);
    ring[k] = recordBeat();
    usleep(kBeatUs);
  }
  return NULL;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  return 200;
}

int main(int argc, char** argv) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, beat, NULL) != 0) return 3;
  pthread_detach(thread);
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
