#include "shim/fatal.hpp"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace leakgate::shim {
namespace {

// write(2), because stdio allocates.
void writeText(const char* text) noexcept {
  const ssize_t written = write(STDERR_FILENO, text, strlen(text));
  static_cast<void>(written);
}

}  // namespace

void fail(const char* what, const char* subject, int error) noexcept {
  writeText("leakgate shim: ");
  writeText(what);
  writeText(": ");
  writeText(subject);
  const char* reason = error != 0 ? strerrordesc_np(error) : nullptr;
  if (reason != nullptr) {
    writeText(": ");
    writeText(reason);
  }
  writeText("\n");
  abort();
}

}  // namespace leakgate::shim
