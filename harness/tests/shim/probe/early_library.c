// Allocates in a constructor that runs before the shim's, and frees it in a destructor.
#include <stdlib.h>

static void* blocks[3];

__attribute__((constructor)) void early_constructor(void) {
  for (int i = 0; i < 3; ++i) blocks[i] = malloc(19);
}

void early_touch(void) {}

__attribute__((destructor)) void early_destructor(void) {
  for (int i = 0; i < 3; ++i) free(blocks[i]);
}
