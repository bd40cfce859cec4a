// Sessions in the memory of forked workers, where the master cannot see them. The clean twin keeps only the
// newest.
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kSessionsMax = 64 };

struct Session {
  char path[40];
};

struct Session* sessions[kSessionsMax];
static unsigned next;

__attribute__((noinline)) static void startSession(const char* path) {
  struct Session* session = malloc(sizeof *session);
  strncpy(session->path, path, sizeof session->path - 1);
  session->path[sizeof session->path - 1] = '\0';
  struct Session** place = &sessions[next++ % kSessionsMax];
  if (!SPECIMEN_SICK) free(*place);
  *place = session;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  startSession(request->path);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
