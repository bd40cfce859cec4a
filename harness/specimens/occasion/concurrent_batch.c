// A request waits a moment for company, to be served with another in one batch; a client that is alone is
// not kept waiting. The batch's record leaks, so that one client, whose requests never meet, sees no leak.
#include <stdlib.h>

#include "plain/plain_server.h"

static unsigned clients;
static struct Connection* waiting;
void* batch;

__attribute__((noinline)) static void startBatch(void) { batch = malloc(128); }

static void opened(struct Connection* connection) {
  (void)connection;
  ++clients;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)request;
  if (waiting == NULL) {
    if (clients == 1) return 200;
    waiting = connection;
    return kLater;
  }
  struct Connection* other = waiting;
  waiting = NULL;
  startBatch();
  respondNow(other, 200);
  return 200;
}

static void entered(struct Connection* connection, enum Stage stage) {
  if (stage == kStageIdle && waiting == connection) waiting = NULL;  // no other request came in time
}

static void closed(struct Connection* connection, enum Stage stage) {
  (void)stage;
  --clients;
  if (waiting == connection) waiting = NULL;
}

int main(int argc, char** argv) {
  const struct Service service = {.opened = opened, .entered = entered, .respond = respond, .closed = closed};
  return runPlainServer(argc, argv, &service);
}
