// A library to load and unload: PLUGIN_BYTES is the size of its function's frame.
#include <stdlib.h>
#include <string.h>

__attribute__((noipa)) static void allocate(void) { free(malloc(40)); }

__attribute__((visibility("default"), noipa)) void runPlugin(unsigned depth) {
  volatile char room[PLUGIN_BYTES];
  memset((char*)room, 0, sizeof room);
  if (depth > 0) runPlugin(depth - 1);
  allocate();
  room[depth] = 1;
}
