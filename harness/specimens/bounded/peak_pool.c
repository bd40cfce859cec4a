// A pool of jobs that grows to the largest number that were ever under way at once, and no further.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

struct Job {
  struct Job* next;
  char work[240];
};

static struct Job* freeJobs;

static struct Job* takeJob(void) {
  struct Job* job = freeJobs;
  if (job == NULL) return malloc(sizeof *job);
  freeJobs = job->next;
  return job;
}

static void entered(struct Connection* connection, enum Stage stage) {
  struct Job* job = connection->state;
  if (stage == kStageWhole) connection->state = takeJob();
  if (stage != kStageIdle || job == NULL) return;
  job->next = freeJobs;
  freeJobs = job;
  connection->state = NULL;
}

// Jobs at the end of a connection come back too.
static void closed(struct Connection* connection, enum Stage stage) {
  (void)stage;
  entered(connection, kStageIdle);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  return strcmp(request->path, "/later") == 0 ? kLater : 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.entered = entered, .respond = respond, .closed = closed};
  return runPlainServer(argc, argv, &service);
}
