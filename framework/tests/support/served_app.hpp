// An App behind a real Server, on a port that the system chose.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "h3http/app.hpp"
#include "h3http/config.hpp"
#include "h3http/server.hpp"
#include "raw_client.hpp"

namespace h3::test {

/// "GET /x HTTP/1.1" with a Host, these further field lines (each ends with CRLF), and an empty line.
inline std::string requestText(std::string_view method, std::string_view target,
                               std::string_view fields = {}) {
  return std::string(method)
      .append(" ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: test\r\n")
      .append(fields)
      .append("\r\n");
}

/// What this run of the tests is about: H3_TEST_REACTOR, or automatic.
inline ReactorKind testedReactor() {
  const char* const name = std::getenv("H3_TEST_REACTOR");
  return reactorKind(name != nullptr ? name : "automatic");
}

/// The same on the tested reactor, unless it names one.
inline Config onTestedReactor(Config config) {
  if (config.reactor == ReactorKind::automatic) config.reactor = testedReactor();
  return config;
}

/// Serves from construction to destruction.
class ServedApp {
 public:
  explicit ServedApp(App& app, Config config = Config::testing())
      : server_(app, onTestedReactor(std::move(config))) {
    server_.start();
  }

  std::uint16_t port() const { return server_.port(); }
  Server& server() { return server_; }

  /// One request on its own connection.
  RawResponse exchange(std::string_view bytes, bool toHead = false) const {
    return RawClient(port()).request(bytes, toHead);
  }
  RawResponse get(std::string_view target, std::string_view fields = {}) const {
    return exchange(requestText("GET", target, fields));
  }
  RawResponse call(std::string_view method, std::string_view target, std::string_view fields = {}) const {
    return exchange(requestText(method, target, fields), method == "HEAD");
  }

 private:
  Server server_;
};

}  // namespace h3::test
