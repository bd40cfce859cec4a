// An account is opened with each connection, and never closed. Requests cost nothing.
#include <stdlib.h>

#include "plain/plain_server.h"

struct Account {
  size_t requests;
  char peer[40];
};

__attribute__((noinline)) static void openAccount(struct Connection* connection) {
  connection->state = calloc(1, sizeof(struct Account));
}

static int respond(struct Connection* connection, const struct Request* request) {
  struct Account* account = connection->state;
  account->requests += request->minorVersion > 0;
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.opened = openAccount, .respond = respond};
  return runPlainServer(argc, argv, &service);
}
