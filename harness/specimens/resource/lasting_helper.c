// A helper process for each request. The sick one's helpers stay; the clean one's end, and the kernel reaps
// them, so that neither waits for any.
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static void startHelper(void) {
  const pid_t helper = fork();
  if (helper < 0) abort();
  if (helper != 0) return;
  while (SPECIMEN_SICK) pause();
  _exit(0);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  startHelper();
  return 200;
}

int main(int argc, char** argv) {
  signal(SIGCHLD, SIG_IGN);
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
