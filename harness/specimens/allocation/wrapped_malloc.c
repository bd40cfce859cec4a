// All memory comes through one wrapper, as in many servers in C. One of its two callers leaks; which of them,
// only a stack shows.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

char* cookie;
char* note;

__attribute__((noinline)) static char* takeText(size_t bytes) {
  char* text = malloc(bytes);
  if (text == NULL) abort();
  text[0] = '\0';
  return text;
}

__attribute__((noinline)) static void keepCookie(void) {
  cookie = takeText(72);
  strcpy(cookie, "id=7");
}

__attribute__((noinline)) static void takeNote(void) {
  note = takeText(72);
  strcpy(note, "seen");
  free(note);
}

static int respond(struct Connection* connection, const struct Request* request) {
  (void)connection;
  (void)request;
  takeNote();
  keepCookie();
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
