// A module that is loaded, allocates and is unloaded.
#include <stdlib.h>

void PLUGIN_FUNCTION(void (*callback)(void)) {
  for (int i = 0; i < 3; ++i) {
    volatile char* block = malloc(41);
    *block = 0;
  }
  callback();
  __asm__ volatile("");  // not a tail call
}
