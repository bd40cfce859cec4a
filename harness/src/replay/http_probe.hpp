// Single requests besides the load: whether the target is ready, and its own counters.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace leakgate {

struct ProbeResponse {
  int status = 0;  ///< 0: no response, the reason is in `problem`
  std::string body;
  std::string contentType;
  std::string problem;
};

/// GET over its own connection to 127.0.0.1, with Connection: close. Blocks for at most `timeout`. Bounds:
/// the first 16 MiB of the body. Errors: in the result.
ProbeResponse httpGet(std::uint16_t port, const std::string& path, std::chrono::milliseconds timeout);

/// Whether the port accepts a connection.
bool acceptsConnections(std::uint16_t port, std::chrono::milliseconds timeout);

/// Whether the port responds to the start of a TLS handshake with TLS.
bool speaksTls(std::uint16_t port, std::chrono::milliseconds timeout);

/// A TCP port of 127.0.0.1 that is free at this moment, of five digits if there is one: the Host field names it, servers
/// copy that, and the counts of two runs must not differ by its length.
/// Errors: MeasureError when there is none.
std::uint16_t freePort();

}  // namespace leakgate
