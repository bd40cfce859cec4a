// A helper process for each request, for which the sick server does not wait.
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static void startHelper(void) {
  const pid_t helper = fork();
  if (helper == 0) _exit(0);
  if (helper < 0) abort();
  if (!SPECIMEN_SICK && waitpid(helper, NULL, 0) != helper) abort();
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  startHelper();
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
