// A ring of the newest paths that doubles while it is full, up to 2,048 places, and then overwrites the
// oldest.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kPlaceBytes = 32, kPlacesFirst = 16, kPlacesMax = 2048 };

static char (*ring)[kPlaceBytes];
static size_t places;
static size_t added;

static void makeRoom(void) {
  if (added < places || places == kPlacesMax) return;
  places = places == 0 ? kPlacesFirst : 2 * places;
  ring = realloc(ring, places * sizeof *ring);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  makeRoom();
  strncpy(ring[added++ % places], request->path, kPlaceBytes);
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
