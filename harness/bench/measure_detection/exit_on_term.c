// Preloaded: lets a server that has no handler of its own end by exit() on SIGTERM, so that tools which
// report at exit do. One that handles or blocks the signal is left to itself.
#include <signal.h>
#include <stdlib.h>

static void leave(int number) {
  (void)number;
  exit(0);
}

__attribute__((constructor)) static void install(void) { signal(SIGTERM, leave); }
