// Tables that are filled when they are first asked for. The last of them are asked for late in the run.
#include <stdlib.h>
#include <string.h>

#include "plain/plain_server.h"

enum { kTables = 96, kRareTables = 32 };

static unsigned* tables[kTables];

static unsigned* tableOf(unsigned number) {
  if (tables[number] == NULL) tables[number] = calloc(64, sizeof **tables);
  return tables[number];
}

// The tables from kTables - kRareTables on come up one by one, every 50 requests.
static unsigned numberOf(unsigned request) {
  const unsigned common = kTables - kRareTables;
  return request % 50 != 0 ? request % common : common + request / 50 % kRareTables;
}

static int respond(struct Connection* connection, const struct Request* request) {
  static unsigned requests;
  (void)connection;
  unsigned* table = tableOf(numberOf(++requests));
  ++table[strlen(request->path) % 64];
  return 200;
}

int main(int argc, char** argv) {
  const struct Service service = {.respond = respond};
  return runPlainServer(argc, argv, &service);
}
