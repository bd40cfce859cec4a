// One line of a web server's access log.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// A request as it was received, log escapes decoded: the target may contain any byte but CR, LF and NUL.
struct LogRequest {
  std::string method;
  std::string target;
  std::string version;  ///< "1.0" or "1.1"
};

struct LogLine {
  LogRequest request;
  bool damagedTail = false;  ///< the part after the status is cut off or malformed; a replay does not need it
  std::string problem;       ///< why there is no request; "" when there is one
};

/// Apache common and combined format: HOST IDENT USER [TIME] "METHOD TARGET HTTP/V" STATUS BYTES "REFERER"
/// "AGENT". Source: httpd mod_log_config: in quotes, \" and \\ and \n, \t ... are escapes, \xHH any other
/// byte.
LogLine parseLogLine(std::string_view line);

}  // namespace leakgate
