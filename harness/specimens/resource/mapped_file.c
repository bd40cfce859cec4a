// Every request maps the same page of a file again, and none is unmapped.
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plain/plain_server.h"

enum { kPageBytes = 4096 };

static int file;

__attribute__((noinline)) static const char* mapPage(void) {
  const char* page = mmap(NULL, kPageBytes, PROT_READ, MAP_PRIVATE, file, 0);
  return page == MAP_FAILED ? NULL : page;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  const char* page = mapPage();
  return page != NULL && page[0] == '\0' ? 200 : 500;
}

int main(int argc, char** argv) {
  file = memfd_create("page", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, kPageBytes) != 0) return 3;
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
