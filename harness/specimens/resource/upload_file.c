// A temporary file for each request. The clean server removes it.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plain/plain_server.h"
#include "resource/tidy_end.h"

enum { kFilesMax = 2000, kNameBytes = 64 };

static char folder[] = "/tmp/leakgate-uploads-XXXXXX";
static char names[kFilesMax][kNameBytes];
static int count;

__attribute__((noinline)) static void storeUpload(void) {
  if (count == kFilesMax) abort();
  char* name = names[count];
  snprintf(name, kNameBytes, "%s/XXXXXX", folder);
  const int file = mkstemp(name);
  if (file < 0) abort();
  close(file);
  if (SPECIMEN_SICK)
    ++count;
  else
    unlink(name);
}

static void removeAll(void) {
  while (count > 0) unlink(names[--count]);
  rmdir(folder);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  storeUpload();
  return 200;
}

int main(int argc, char** argv) {
  if (mkdtemp(folder) == NULL) abort();
  endWith(removeAll);
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
