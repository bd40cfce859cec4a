#include "protocol/proxy_header.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using h3::parseIpAddress;
using h3::protocol::parseProxyHeader;
using h3::protocol::ProxyHeader;
using State = ProxyHeader::State;
using Source = ProxyHeader::Source;
using namespace std::string_literals;

namespace {

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;
const std::string kIpv4 =
    "\xC0\x00\x02\x07\x7F\x00\x00\x01\xDC\x04\x01\xBB"s;  // 192.0.2.7:56324, 127.0.0.1:443
const std::string kIpv6 = "\x20\x01\x0D\xB8"s + std::string(11, '\0') + "\x07"s + std::string(15, '\0') +
                          "\x01\xDC\x04\x01\xBB"s;  // 2001:db8::7, ::1

// Version 2 with this command, family and content.
std::string binary(char command, char family, const std::string& content) {
  const auto size = content.size();
  return kSignature + command + family + static_cast<char>(size >> 8) + static_cast<char>(size & 0xFF) +
         content;
}

std::string tlv(char type, const std::string& value) {
  return std::string(1, type) + static_cast<char>(value.size() >> 8) +
         static_cast<char>(value.size() & 0xFF) + value;
}

struct Good {
  std::string bytes;
  Source source;
  const char* client;  // "" when it is the connection's
};

const std::vector<Good>& goodHeaders() {
  static const std::vector<Good> all = {
      {"PROXY TCP4 192.0.2.7 127.0.0.1 56324 443\r\n", Source::ipv4, "192.0.2.7"},
      {"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", Source::ipv4, "255.255.255.255"},
      {"PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", Source::ipv4, "0.0.0.0"},
      {"PROXY TCP6 2001:db8::7 ::1 56324 443\r\n", Source::ipv6, "2001:db8::7"},
      {"PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
       Source::ipv6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"PROXY UNKNOWN\r\n", Source::connection, ""},
      {"PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
       Source::connection, ""},
      {binary('\x20', '\x00', ""), Source::connection, ""},
      {binary('\x20', '\x7F', "whatever"), Source::connection, ""},
      {binary('\x21', '\x00', "ignored"), Source::connection, ""},
      {binary('\x21', '\x11', kIpv4), Source::ipv4, "192.0.2.7"},
      {binary('\x21', '\x12', kIpv4), Source::ipv4, "192.0.2.7"},
      {binary('\x21', '\x21', kIpv6), Source::ipv6, "2001:db8::7"},
      {binary('\x21', '\x31', std::string(216, 'p')), Source::unixSocket, ""},
      {binary('\x21', '\x11', kIpv4 + tlv(4, "") + tlv(2, "example.org")), Source::ipv4, "192.0.2.7"},
      {binary('\x21', '\x11', kIpv4 + tlv(4, std::string(ProxyHeader::kMaxBytes - 16 - 12 - 3, '\0'))),
       Source::ipv4, "192.0.2.7"},
      {binary('\x21', '\x11', kIpv4 + tlv(3, "\x45\x81\x7C\x37"s)), Source::ipv4, "192.0.2.7"},
  };
  return all;
}

const std::vector<std::string>& badHeaders() {
  static const std::vector<std::string> all = {
      "GET / HTTP/1.1\r\n",
      "proxy TCP4 192.0.2.7 127.0.0.1 56324 443\r\n",
      "PROXY\r\n",
      "PROXY \r\n",
      "PROXY  TCP4 192.0.2.7 127.0.0.1 56324 443\r\n",
      "PROXY TCP5 192.0.2.7 127.0.0.1 56324 443\r\n",
      "PROXY TCP4\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 56324\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 56324 443 \r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 56324 443 1\r\n",
      "PROXY TCP4 192.0.2.7  127.0.0.1 56324 443\r\n",
      "PROXY TCP4 192.0.2.7\t127.0.0.1 56324 443\r\n",
      "PROXY TCP4 192.0.2.07 127.0.0.1 56324 443\r\n",
      "PROXY TCP4 192.0.2.256 127.0.0.1 56324 443\r\n",
      "PROXY TCP4 192.0.2 127.0.0.1 56324 443\r\n",
      "PROXY TCP4 ::1 ::1 56324 443\r\n",
      "PROXY TCP4 192.0.2.7 ::1 56324 443\r\n",
      "PROXY TCP6 192.0.2.7 127.0.0.1 56324 443\r\n",
      "PROXY TCP6 [::1] ::1 56324 443\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 65536 443\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 056324 443\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 -1 443\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 +1 443\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1  443\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 56324 \r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 56324 443\rX",
      "PROXY UNKNOWN\rX",
      "PROXY UNKNOWN " + std::string(107 - 14 - 1, 'x') + "\r\n",
      "PROXY TCP4 192.0.2.7 127.0.0.1 56324 443\n" + std::string(107, ' '),
      binary('\x22', '\x11', kIpv4),
      binary('\x11', '\x11', kIpv4),
      binary('\x21', '\x41', kIpv4),
      binary('\x21', '\x13', kIpv4),
      binary('\x21', '\x11', kIpv4.substr(1)),
      binary('\x21', '\x21', kIpv4),
      binary('\x21', '\x31', std::string(215, 'p')),
      binary('\x21', '\x11', kIpv4 + "\x04"),
      binary('\x21', '\x11', kIpv4 + "\x04\x00"s),
      binary('\x21', '\x11', kIpv4 + "\x04\x00\x02x"s),
      binary('\x21', '\x11', kIpv4 + tlv(4, "") + "\x04\xFF\xFFx"s),
      binary('\x21', '\x11', kIpv4 + tlv(3, "\x45\x81\x7C\x36"s)),
      binary('\x21', '\x11', kIpv4 + tlv(3, "abc")),
      binary('\x21', '\x11', std::string(ProxyHeader::kMaxBytes - 15, '\0')),
  };
  return all;
}

}  // namespace

TEST_CASE("a header says who the client is, whatever follows it") {
  for (const Good& good : goodHeaders()) {
    CAPTURE(good.bytes);
    for (const std::string& rest : {""s, "GET / HTTP/1.1\r\n\r\n"s, good.bytes}) {
      const ProxyHeader header = parseProxyHeader(good.bytes + rest);
      REQUIRE(header.state == State::complete);
      CHECK(header.bytes == good.bytes.size());
      CHECK(header.source == good.source);
      if (*good.client != '\0') CHECK(header.client == parseIpAddress(good.client));
    }
  }
}

TEST_CASE("every part of a header is incomplete") {
  for (const Good& good : goodHeaders())
    for (std::size_t size = 0; size < good.bytes.size(); ++size) {
      CAPTURE(good.bytes);
      CAPTURE(size);
      CHECK(parseProxyHeader(std::string_view(good.bytes).substr(0, size)).state == State::incomplete);
    }
}

TEST_CASE("a malformed header is found, with its problem, as soon as its bytes are there") {
  for (const std::string& bad : badHeaders()) {
    CAPTURE(bad);
    const ProxyHeader header = parseProxyHeader(bad);
    CHECK(header.state == State::malformed);
    CHECK_FALSE(header.problem.empty());
    for (std::size_t size = 0; size < bad.size(); ++size)
      CHECK(parseProxyHeader(std::string_view(bad).substr(0, size)).state != State::complete);
  }
}

TEST_CASE("the bounds: 107 bytes of version 1, 4,096 of version 2") {
  const std::string longest = "PROXY UNKNOWN " + std::string(107 - 14 - 2, 'x') + "\r\n";
  REQUIRE(longest.size() == 107);
  CHECK(parseProxyHeader(longest).state == State::complete);
  const std::string endless = "PROXY UNKNOWN " + std::string(200, 'x');
  CHECK(parseProxyHeader(endless.substr(0, 106)).state == State::incomplete);
  CHECK(parseProxyHeader(endless.substr(0, 107)).state == State::malformed);
  const std::string head = binary('\x20', '\x00', std::string(4096 - 16, 'x')).substr(0, 16);
  CHECK(parseProxyHeader(head).state == State::incomplete);
  CHECK(parseProxyHeader(head).bytes == 4096);
  CHECK(parseProxyHeader(binary('\x20', '\x00', std::string(4096 - 15, 'x')).substr(0, 16)).state ==
        State::malformed);
}

TEST_CASE("mutated headers are parsed without a read beyond them") {
  std::mt19937 random(7);
  int complete = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes = goodHeaders()[random() % goodHeaders().size()].bytes;
    for (auto i = random() % 3 + 1; i != 0 && !bytes.empty(); --i) {
      const std::size_t at = random() % bytes.size();
      if (random() % 4 == 0)
        bytes.erase(at, 1);
      else
        bytes[at] = static_cast<char>(random());
    }
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const ProxyHeader header = parseProxyHeader({exact.data(), exact.size()});
    if (header.state != State::complete) continue;
    ++complete;
    CHECK(header.bytes <= exact.size());
    CHECK(header.bytes <= ProxyHeader::kMaxBytes);
  }
  CHECK(complete > 1'000);
}
