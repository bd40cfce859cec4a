// A POSIX timer for each request; the clean server deletes it.
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static void armTimeout(void) {
  struct sigevent event = {.sigev_notify = SIGEV_NONE};
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) abort();
  if (!SPECIMEN_SICK) timer_delete(timer);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  armTimeout();
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
