// Each request opens a file and forgets to close it.
#include <fcntl.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static int openPage(void) {
  const int page = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return page < 0 ? 500 : 200;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  return openPage();
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
