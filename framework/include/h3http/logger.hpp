// One line a request, on standard error or wherever it is wanted.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "h3http/app.hpp"

namespace h3 {

struct LoggerOptions {
  /// Takes each line, its '\n' included; the view is valid for the call. Called by all workers at once.
  /// Empty: standard error, one write(2) a line.
  std::function<void(std::string_view line)> sink = {};
};

/// Longest line, '\n' included. write(2) puts so much into a pipe at once (PIPE_BUF), so lines do not mix.
inline constexpr std::size_t kMaxLogLineBytes = 4096;

/// Logs each request when its answer is decided, refused and failed ones too:
///
///     GET "/users/7?x=1" 200 13B 45us 127.0.0.1
///     method, target as sent, status, body bytes of the answer, microseconds since the request was read,
///     client
///
/// Bytes outside printable ASCII, '"' and '\' are escaped (\x0a), so that no request can forge a line or
/// drive a terminal. A target that does not fit is cut and ends with "...". What was not read is "-".
/// Allocates: nothing; the line is made on the stack.
void logger(App& app, LoggerOptions options = {});

}  // namespace h3
