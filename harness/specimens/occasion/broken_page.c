// A handler that fails half way leaves its work behind: only responses with 500 leak. Two blocks each.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

struct Draft {
  char* text;
  size_t bytes;
};

__attribute__((noinline)) static struct Draft* startDraft(void) {
  struct Draft* draft = malloc(sizeof *draft);
  draft->bytes = 100;
  draft->text = malloc(draft->bytes);
  return draft;
}

static void freeDraft(struct Draft* draft) {
  free(draft->text);
  free(draft);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  struct Draft* draft = startDraft();
  memset(draft->text, 'x', draft->bytes);
  if (strcmp(request->path, "/broken") == 0) return 500;
  freeDraft(draft);
  return strncmp(request->path, "/missing", 8) == 0 ? 404 : 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
