// Secret random bytes from the kernel.
#pragma once

#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace h3 {

/// Fills `out` with bytes that no one can predict, also after a fork. Allocates: nothing. Errors: std::runtime_error
/// when the kernel has none to give (a sandbox that forbids getrandom).
inline void fillRandom(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw std::runtime_error("getrandom gives no random bytes");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace h3
