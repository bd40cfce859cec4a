// A thread for each connection that waits for a word which never comes, also after the connection's end.
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "plain/plain_server.h"

static void* waitForWord(void* argument) {
  for (;;) pause();
  return argument;
}

__attribute__((noinline)) static void parkThread(struct Connection* connection) {
  (void)connection;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 * 1024);
  pthread_t watcher;
  if (pthread_create(&watcher, &attributes, waitForWord, NULL) != 0) abort();
  pthread_attr_destroy(&attributes);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.opened = parkThread, .respond = respond};
  return runPlainServer(argc, argv, &service);
}
