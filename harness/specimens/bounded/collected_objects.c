// Objects pile up until a collector frees all but 300 of them, at some number from 1,500 to 3,000. In the
// sick one every twentieth request's object escapes the collector.
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "plain/plain_server.h"

enum { kMost = 3000, kLeast = 300, kEscapeEach = 20, kObjectBytes = 64 };

static char* objects[kMost + 2];
static unsigned count;
static unsigned limit = kMost;
static unsigned seed;
char* escaped;

__attribute__((noinline)) static char* makeObject(void) {
  char* object = malloc(kObjectBytes);
  memset(object, 1, kObjectBytes);  // not 0: malloc and memset would become a jump to calloc
  return object;
}

static void collect(void) {
  while (count > kLeast) free(objects[--count]);
  limit = kMost / 2 + (unsigned)rand_r(&seed) % (kMost / 2);
}

static int respond(struct Connection* connection, const struct Request* request) {
  static unsigned requests;
  (void)connection;
  (void)request;
  for (int more = 1 + rand_r(&seed) % 2; more > 0; --more) objects[count++] = makeObject();
  if (count > limit) collect();
  if (SPECIMEN_SICK && ++requests % kEscapeEach == 0) escaped = makeObject();
  return 200;
}

int main(int argc, char** argv) {
  seed = (unsigned)time(NULL) * 31U + (unsigned)getpid();
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
