#include "replay/foreign_protocol.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leakgate;

TEST_CASE("HTTP/1 is not foreign, and other protocols are named by their first bytes") {
  using namespace std::string_literals;
  CHECK(foreignProtocol("HTTP/") == nullptr);
  const struct {
    std::string start;
    std::string name;
  } rows[] = {
      {"\x15\x03\x01\0\x02"s, "TLS (an alert)"},
      {"\x16\x03\x03\0\x7a"s, "TLS (a handshake)"},
      {"\0\0\x18\x04\0"s, "HTTP/2"},
      {"SSH-2"s, "SSH"},
      {"220 m"s, "SMTP or FTP"},
      {"-ERR "s, "Redis"},
      {"<html"s, "HTTP/1 status line"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const char* const words = foreignProtocol(row.start);
    REQUIRE(words != nullptr);
    CHECK(std::string(words).find(row.name) != std::string::npos);
  }
}
