#include "resource/tidy_end.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static void (*tidyUp)(void);

static void end(int number) {
  (void)number;
  tidyUp();
  _exit(0);
}

void endWith(void (*tidy)(void)) {
  tidyUp = tidy;
  signal(SIGTERM, end);
}
