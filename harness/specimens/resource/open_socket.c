// A pair of sockets to a helper that each request asks for; only one end is closed.
#include <sys/socket.h>
#include <unistd.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static int askHelper(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return 500;
  close(ends[0]);
  return 200;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  return askHelper();
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
