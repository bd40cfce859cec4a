// Allocates before any constructor has run, libc's included, then waits for the end of its input.
#include <stdlib.h>
#include <unistd.h>

void early_touch(void);

static void* block;

static void before_all(void) { block = malloc(23); }

__attribute__((section(".preinit_array"), used)) static void (*const kBeforeAll)(void) = before_all;

int main(void) {
  char byte;
  early_touch();
  if (write(STDOUT_FILENO, "ok\n", 3) != 3) return 1;
  while (read(STDIN_FILENO, &byte, 1) == 1) continue;
  free(block);
  return 0;
}
