// One block in 10,000 requests: the smallest leak that is found with the default number of requests.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

char* summary;

__attribute__((noinline)) static void summarise(void) {
  summary = malloc(256);
  memset(summary, 0, 256);
}

static int respond(struct Connection* connection, const struct Request* request) {
  static unsigned requests;
  (void)connection;
  (void)request;
  if (++requests % 10000 == 0) summarise();
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
