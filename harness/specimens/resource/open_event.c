// An eventfd and a timerfd for each connection, and neither is closed with it.
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static void startTimer(struct Connection* connection) {
  (void)connection;
  if (eventfd(0, EFD_CLOEXEC) < 0 || timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) < 0) abort();
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.opened = startTimer, .respond = respond};
  return runPlainServer(argc, argv, &service);
}
