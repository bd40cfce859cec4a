#include "cli/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>

namespace leakgate {

namespace {

// 0 or the error that ended it.
int writeAll(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {  // another process made the pipe non-blocking
      pollfd writable{descriptor, POLLOUT, 0};
      ::poll(&writable, 1, -1);
      continue;
    }
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

void prepareStandardStreams() {
  ::signal(SIGPIPE, SIG_IGN);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open() returns the lowest free number: this one, because lower ones are in use.
    if (::fcntl(standard, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != standard)
      ::_exit(3);  // not measured, and no way to report why
  }
}

void writeError(std::string_view text) noexcept { writeAll(STDERR_FILENO, text); }

void writeOutput(std::string_view text) {
  std::fflush(stdout);
  const int error = writeAll(STDOUT_FILENO, text);
  if (error == 0 || error == EPIPE) return;
  throw std::runtime_error(std::string("standard output: cannot write: ") + std::strerror(error) +
                           "; check the space left where it leads to");
}

}  // namespace leakgate
