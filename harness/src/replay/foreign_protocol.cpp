#include "replay/foreign_protocol.hpp"

#include <array>

namespace leakgate {
namespace {

using namespace std::string_view_literals;

struct Protocol {
  std::string_view start;
  std::size_t offset;  ///< of `start` in the response
  const char* name;
};

constexpr std::array kProtocols{
    Protocol{
        "\x15\x03"sv, 0,
        "it looks like TLS (an alert): the server speaks https on this port, leakgate speaks http; start "
        "it without TLS"},
    Protocol{"\x16\x03"sv, 0,
             "it looks like TLS (a handshake): the server speaks https on this port, leakgate speaks http; "
             "start it without TLS"},
    // A SETTINGS frame: its length, then the type 4, no flags but ACK.
    Protocol{
        "\x04\x00"sv, 3,
        "it looks like HTTP/2 without TLS (h2c, gRPC): leakgate speaks HTTP/1.1; let the server offer it"},
    Protocol{"SSH-"sv, 0, "it looks like SSH, expected HTTP/1; is it the right port?"},
    Protocol{"220 "sv, 0, "it looks like SMTP or FTP, expected HTTP/1; is it the right port?"},
    Protocol{"220-"sv, 0, "it looks like SMTP or FTP, expected HTTP/1; is it the right port?"},
    Protocol{"-ERR "sv, 0, "it looks like Redis or POP3, expected HTTP/1; is it the right port?"},
    Protocol{"+OK "sv, 0, "it looks like POP3, expected HTTP/1; is it the right port?"},
    Protocol{"* OK "sv, 0, "it looks like IMAP, expected HTTP/1; is it the right port?"},
};

}  // namespace

const char* foreignProtocol(std::string_view start) {
  for (const auto& protocol : kProtocols) {
    if (start.size() > protocol.offset && start.substr(protocol.offset).starts_with(protocol.start))
      return protocol.name;
  }
  return start.starts_with("HTTP/") ? nullptr : "it does not begin with an HTTP/1 status line";
}

}  // namespace leakgate
