// Each request opens a file and forgets to close it.
#include <fcntl.h>

#include "plain/plain_server.h"

__attribute__((noinline)) static int openPage(void) {
  const int page = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return page < 0 ? 500 : 200;
}

static int answer(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  return openPage();
}

int main(int argc, char** argv) {
  const struct Service service = {.answer = answer};
  return runPlainServer(argc, argv, &service);
}
