// One line of a web server's access log.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// A request as it came, its log escapes undone: the target may hold any byte but CR, LF and NUL.
struct LogRequest {
  std::string method;
  std::string target;
  std::string version;  ///< "1.0" or "1.1"
};

struct LogLine {
  LogRequest request;
  bool damagedTail = false;  ///< what follows the status is cut off or malformed; not needed for a replay
  std::string problem;       ///< why there is no request; "" when there is
};

/// Apache common and combined format: HOST IDENT USER [TIME] "METHOD TARGET HTTP/V" STATUS BYTES "REFERER"
/// "AGENT". Source: httpd mod_log_config: in quotes, \" and \\ and \n, \t ... are escapes, \xHH any other
/// byte.
LogLine parseLogLine(std::string_view line);

}  // namespace leakgate
