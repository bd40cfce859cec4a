// Looks for each visitor in a list, from its start. The sick one keeps every visitor of the last 100,000, so
// that each request costs more than the one before; the clean one those of the last 100. Neither takes
// anything from the heap.
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kNameBytes = 32, kVisitorsMax = SPECIMEN_SICK ? 100000 : 100 };

static char visitors[kVisitorsMax][kNameBytes];
static unsigned long visits = 0;

// Never inlined: reports are held against this name.
__attribute__((noinline)) static int knowsVisitor(const char* name) {
  const unsigned long known = visits < kVisitorsMax ? visits : kVisitorsMax;
  for (unsigned long k = 0; k < known; ++k) {
    if (strcmp(visitors[k], name) == 0) return 1;
  }
  return 0;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  char name[kNameBytes];
  snprintf(name, sizeof name, "visitor %lu", visits);
  if (!knowsVisitor(name)) memcpy(visitors[visits++ % kVisitorsMax], name, sizeof name);
  return 200;
}

int main(int argc, char** argv) {
  memset(visitors, ' ', sizeof visitors);  // all its pages at once: only the time is to grow
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
