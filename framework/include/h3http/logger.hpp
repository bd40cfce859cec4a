// Logs one line per request, to standard error, to a file or to a sink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "h3http/app.hpp"

namespace h3 {

enum class LogFormat : std::uint8_t {
  /// GET "/users/7?x=1" 200 13B 45us 127.0.0.1
  /// method, target, status, body bytes of the response, microseconds since the read, client
  brief,
  /// 127.0.0.1 - - [30/Nov/2026:17:26:15 +0000] "GET /users/7?x=1 HTTP/1.1" 200 13 "referer" "agent" "request id"
  /// As Apache's and nginx's combined format, with the request id behind it; `leakgate import` and log analysers read it.
  combined,
  /// {"time":"2026-11-30T17:26:15.042Z","request_id":"...","client":"127.0.0.1","method":"GET","target":"/users/7?x=1",
  /// "route":"/users/:id","version":"1.1","status":200,"bytes":13,"us":45,"referer":"...","user_agent":"..."}
  /// One JSON object a line; what a request does not have is left out.
  json,
};

struct LoggerOptions {
  /// Receives each line, including its '\n'; the view is valid during the call. Called by all workers
  /// concurrently. Empty: the file, or standard error, one write(2) per line.
  std::function<void(std::string_view line)> sink = {};
  LogFormat format = LogFormat::brief;
  /// Appended to by a thread of its own, which writes several lines together, at the latest after a tenth of a second. serve()
  /// opens it again at SIGHUP, for logrotate. "": none. Not together with a sink.
  std::string file = {};
  /// What each worker may have waiting for the file; 64 KiB to 256 MiB. Lines beyond are dropped and counted
  /// (h3_log_lines_dropped_total): a slow disk holds up no request.
  std::size_t queueBytes = 1024 * 1024;
};

/// Longest line, '\n' included. write(2) to a pipe is atomic up to this size (PIPE_BUF), so lines do not mix.
inline constexpr std::size_t kMaxLogLineBytes = 4096;

/// Logs each request when its response is decided, also refused and failed ones, in the format of the options.
///
/// The target is Event::path() and the query: one line for one resource, however a client spells it. A refused
/// request may have no path; then it is the target as sent. Bytes outside printable ASCII, '"' and '\' are escaped (\x0a, in
/// JSON \u000a for each byte), so that no request can forge a line or control a terminal. A target or field that does not fit is
/// cut and ends with "...". Unread parts are "-". Times are UTC. The request id is that of requestId().
///
/// Allocates: nothing; the line is built on the stack, and with a file goes into a ring of the worker's, without a lock or a
/// system call. Threads: several apps may have a logger each, also on one file. Errors: std::system_error when the file cannot be
/// opened, std::invalid_argument for a wrong queueBytes and for a file with a sink.
void logger(App& app, LoggerOptions options = {});

}  // namespace h3
