// One inotify instance, and a watch for each document. The clean server removes the watch again.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plain/plain_server.h"
#include "resource/tidy_end.h"

enum { kDocuments = 500 };

static int instance;
static unsigned next;
static char folder[] = "/dev/shm/leakgate-watched-XXXXXX";

static void nameOf(char* path, size_t bytes, unsigned document) {
  snprintf(path, bytes, "%s/%u", folder, document);
}

// Before the first request: what grows is the watches alone.
static void makeDocuments(void) {
  char path[64];
  if (mkdtemp(folder) == NULL) abort();
  for (unsigned i = 0; i < kDocuments; ++i) {
    nameOf(path, sizeof path, i);
    if (mkdir(path, 0700) != 0) abort();
  }
}

static void removeDocuments(void) {
  char path[64];
  for (unsigned i = 0; i < kDocuments; ++i) {
    nameOf(path, sizeof path, i);
    rmdir(path);
  }
  rmdir(folder);
}

__attribute__((noinline)) static void watchDocument(void) {
  char path[64];
  nameOf(path, sizeof path, next++ % kDocuments);
  const int watch = inotify_add_watch(instance, path, IN_MODIFY);
  if (watch < 0) abort();
  if (!SPECIMEN_SICK) inotify_rm_watch(instance, watch);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  watchDocument();
  return 200;
}

int main(int argc, char** argv) {
  instance = inotify_init1(IN_CLOEXEC);
  makeDocuments();
  endWith(removeDocuments);
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
