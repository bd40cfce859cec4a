// The HTTP server that all specimens share. It is healthy: whatever leaks is in the specimen's own code.
#pragma once

#include <functional>
#include <string_view>

#include "http_message.hpp"

namespace specimen {

/// A response, text/plain. `body` must stay valid until the handler is called again on the same thread.
struct Response {
  int status = 200;
  std::string_view body = "ok\n";
};

using Handler = std::function<Response(const Request&)>;

/// Called once for each thread, so that handlers share nothing.
using HandlerFactory = std::function<Handler()>;

/// Parses `--port N [--threads N]`, then serves 127.0.0.1 until SIGTERM or SIGINT. The server
/// itself responds to `GET /health`.
///
/// Allocates: all buffers at start, nothing per connection or request.
/// Threads: each has its own listening socket, connections and handler.
/// Returns the exit code: 0 after a signal, 2 for bad usage, 3 when the port cannot be had.
int runServer(int argc, char** argv, const HandlerFactory& makeHandler);

}  // namespace specimen
