// Single requests besides the load: is the target ready, what do its own counters say.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace leakgate {

struct ProbeAnswer {
  int status = 0;  ///< 0: no answer, the reason is in `problem`
  std::string body;
  std::string contentType;
  std::string problem;
};

/// GET on a connection of its own to 127.0.0.1, Connection: close. Blocks for at most `timeout`.
/// Bounds: the first 16 MiB of the body. Errors: in the answer.
ProbeAnswer httpGet(std::uint16_t port, const std::string& path, std::chrono::milliseconds timeout);

/// True when a connection is taken.
bool acceptsConnections(std::uint16_t port, std::chrono::milliseconds timeout);

/// Whether the port answers the start of a TLS handshake as TLS does.
bool speaksTls(std::uint16_t port, std::chrono::milliseconds timeout);

/// A TCP port of 127.0.0.1 that is free at this moment.
/// Errors: MeasureError when there is none.
std::uint16_t freePort();

}  // namespace leakgate
