#include "server/start_failure.hpp"

#include <doctest/doctest.h>

#include <string>

using boost::system::system_error;
using h3::Config;

namespace {

std::string describe(int error, const Config& config) {
  return h3::server::describeStartFailure(
      system_error(error, boost::system::system_category(), "cannot listen on x"), config);
}

}  // namespace

TEST_CASE("each usual failure has its fix") {
  Config config;
  config.port = 81;
  CHECK(describe(EADDRINUSE, config).find("`ss -ltnp 'sport = :81'`") != std::string::npos);
  CHECK(describe(EACCES, config).find("cap_net_bind_service") != std::string::npos);
  CHECK(describe(EADDRNOTAVAIL, config).find("0.0.0.0") != std::string::npos);
  CHECK(describe(EADDRINUSE, config).starts_with("cannot listen on x: "));
  config.port = 8080;
  CHECK(describe(EACCES, config).find('\n') == std::string::npos);
  config.unixPath = "/nowhere/s";
  CHECK(describe(EACCES, config).find("unixPath") != std::string::npos);
  CHECK(describe(ENOENT, config).find("folder of unixPath") != std::string::npos);
  CHECK(describe(EIO, config).find('\n') == std::string::npos);
}
