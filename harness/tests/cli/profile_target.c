// A server whose allocations are known, by function:
//
//   /parse   parseQuery: 3 of 32 B and 1 of 100 B, freed before the response
//   /cache   rememberPage: 1 of 64 B, freed kCachedPages requests to /cache later
//   /keep    readQuery calls parseQuery; keepVisit: 1 of 40 B, never freed
//
// The server itself never allocates.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kFields = 3, kCachedPages = 50 };

static void* volatile pages[kCachedPages];
static volatile unsigned nextPage;
static void* volatile lastVisit;
static volatile unsigned queries;

__attribute__((noinline)) static void parseQuery(void) {
  void* volatile fields[kFields];
  for (int k = 0; k < kFields; ++k) fields[k] = malloc(32);
  void* volatile text = malloc(100);
  for (int k = 0; k < kFields; ++k) free(fields[k]);
  free(text);
}

__attribute__((noinline)) static void readQuery(void) {
  parseQuery();
  queries = queries + 1;  // no tail call
}

__attribute__((noinline)) static void rememberPage(void) {
  void* volatile page = malloc(64);
  free(pages[nextPage]);
  pages[nextPage] = page;
  nextPage = (nextPage + 1) % kCachedPages;
}

__attribute__((noinline)) static void keepVisit(void) {
  void** visit = malloc(40);
  *visit = lastVisit;
  lastVisit = visit;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  if (strcmp(request->path, "/parse") == 0) parseQuery();
  if (strcmp(request->path, "/cache") == 0) rememberPage();
  if (strcmp(request->path, "/keep") == 0) {
    readQuery();
    keepVisit();
  }
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
