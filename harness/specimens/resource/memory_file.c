// One memfd to which each request adds a page: memory that is neither heap nor mapping. The clean server
// writes the first page again.
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plain/plain_server.h"

enum { kPage = 4096 };

static int file;
static off_t end;

__attribute__((noinline)) static void spool(void) {
  static const char page[kPage] = {1};
  if (pwrite(file, page, sizeof page, end) != kPage) abort();
  if (SPECIMEN_SICK) end += kPage;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  spool();
  return 200;
}

int main(int argc, char** argv) {
  file = memfd_create("spool", MFD_CLOEXEC);
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
