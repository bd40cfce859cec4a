// Logs one line per request, to standard error or to a sink.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "h3http/app.hpp"

namespace h3 {

struct LoggerOptions {
  /// Receives each line, including its '\n'; the view is valid during the call. Called by all workers
  /// concurrently. Empty: standard error, one write(2) per line.
  std::function<void(std::string_view line)> sink = {};
};

/// Longest line, '\n' included. write(2) to a pipe is atomic up to this size (PIPE_BUF), so lines do not mix.
inline constexpr std::size_t kMaxLogLineBytes = 4096;

/// Logs each request when its response is decided, also refused and failed ones:
///
///     GET "/users/7?x=1" 200 13B 45us 127.0.0.1
///     method, target, status, body bytes of the response, microseconds since the read, client
///
/// The target is Event::path() and the query: one line for one resource, however a client spells it. A refused
/// request may have no path; then it is the target as sent. Bytes outside printable ASCII, '"' and '\' are escaped (\x0a), so that no request can forge a line or
/// control a terminal. A target that does not fit is cut and ends with "...". Unread parts are "-".
/// Allocates: nothing; the line is built on the stack.
void logger(App& app, LoggerOptions options = {});

}  // namespace h3
