// One byte in 1,000 requests.
#include <stdlib.h>

#include "plain/plain_server.h"

char* mark;

__attribute__((noinline)) static void setMark(void) {
  mark = malloc(1);
  *mark = 'x';
}

static int respond(struct Connection* connection, const struct Request* request) {
  static unsigned requests;
  (void)connection;
  (void)request;
  if (++requests % 1000 == 0) setMark();
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
