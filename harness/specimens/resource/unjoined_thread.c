// A thread for each request that ends at once, is not detached and never joined: the C library keeps its
// stack and its thread-local storage for a possible join.
#include <pthread.h>
#include <stddef.h>

#include "plain/plain_server.h"

static void* work(void* argument) { return argument; }

__attribute__((noinline)) static int startJob(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 * 1024);
  pthread_t job;
  const int error = pthread_create(&job, &attributes, work, NULL);
  pthread_attr_destroy(&attributes);
  return error == 0 ? 200 : 500;
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  return startJob();
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
