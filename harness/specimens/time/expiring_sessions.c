// Each request opens a session that a thread ends five seconds later. The sick one forgets every tenth: what
// is left when the others have expired.
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "plain/plain_server.h"

enum { kLiveMs = 5000, kLookUs = 50000, kForgetEach = 10 };

struct Session {
  struct Session* next;
  long untilMs;
  char token[64];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct Session* oldest;
static struct Session** end = &oldest;

static long nowMs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct Session* forgotten;

__attribute__((noinline)) static void openSession(void) {
  static unsigned opened;
  struct Session* session = calloc(1, sizeof *session);
  session->untilMs = nowMs() + kLiveMs;
  pthread_mutex_lock(&lock);
  if (SPECIMEN_SICK && ++opened % kForgetEach == 0) {
    forgotten = session;
  } else {
    *end = session;
    end = &session->next;
  }
  pthread_mutex_unlock(&lock);
}

static void endExpired(long atMs) {
  pthread_mutex_lock(&lock);
  while (oldest != NULL && oldest->untilMs <= atMs) {
    struct Session* gone = oldest;
    oldest = gone->next;
    if (oldest == NULL) end = &oldest;
    free(gone);
  }
  pthread_mutex_unlock(&lock);
}

static void* expire(void* unused) {
  (void)unused;
  for (;;) {
    usleep(kLookUs);
    endExpired(nowMs());
  }
  return NULL;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  openSession();
  return 200;
}

int main(int argc, char** argv) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, expire, NULL) != 0) return 3;
  pthread_detach(thread);
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
