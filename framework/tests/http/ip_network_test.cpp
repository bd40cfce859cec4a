#include "http/ip_network.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <random>
#include <string>

TEST_CASE("addresses: IPv4, IPv6, and IPv4 in IPv6") {
  CHECK(h3::parseIpAddress("192.0.2.1") == h3::parseIpAddress("::ffff:192.0.2.1"));
  CHECK(h3::parseIpAddress("192.0.2.1") == h3::parseIpAddress("::FFFF:c000:0201"));
  CHECK(h3::parseIpAddress("::1") == h3::parseIpAddress("0:0:0:0:0:0:0:1"));
  CHECK(h3::parseIpAddress("2001:db8::") == h3::parseIpAddress("2001:db8:0:0:0:0:0:0"));
  CHECK(h3::parseIpAddress("::") != h3::parseIpAddress("::1"));
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           "1..2.3",
                           "a.b.c.d",
                           ":",
                           ":::",
                           "1::2::3",
                           "12345::",
                           "::1%eth0",
                           "[::1]",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7::8:9",
                           "1.2.3.4::",
                           "::1.2.3",
                           "1:",
                           ":1",
                           "-1.2.3.4",
                           "+1.2.3.4"}) {
    CAPTURE(text);
    CHECK_FALSE(h3::parseIpAddress(text));
  }
}

TEST_CASE("networks: both sides of a prefix") {
  const auto holds = [](const char* network, const char* address) {
    return h3::parseIpNetwork(network)->contains(*h3::parseIpAddress(address));
  };
  CHECK(holds("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  CHECK(holds("192.168.4.0/22", "192.168.7.255"));
  CHECK_FALSE(holds("192.168.4.0/22", "192.168.8.0"));
  CHECK(holds("192.0.2.1", "::ffff:192.0.2.1"));
  CHECK_FALSE(holds("192.0.2.1", "192.0.2.0"));
  CHECK(holds("0.0.0.0/0", "8.8.8.8"));
  CHECK_FALSE(holds("0.0.0.0/0", "::1"));
  CHECK(holds("::/0", "8.8.8.8"));
  CHECK(holds("fd00::/8", "fdff::1"));
  CHECK_FALSE(holds("fd00::/8", "fe00::1"));
  CHECK(holds("2001:db8::/33", "2001:db8:7fff::"));
  CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::"));
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "::1/127", "::/129",
                           "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/+8", "10.0.0.0/0x8", "localhost"}) {
    CAPTURE(text);
    CHECK_FALSE(h3::parseIpNetwork(text));
  }
}

TEST_CASE("random texts: the same as inet_pton") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view pieces[] = {":",  "::",  ".",   "0",    "1",       "f",
                                     "ff", "255", "256", "ffff", "1.2.3.4", "g"};
  int valid = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::size_t count = 1 + random() % 12; count != 0; --count)
      text.append(pieces[random() % std::size(pieces)]);
    CAPTURE(text);
    h3::IpAddress expected{};
    bool isValid = ::inet_pton(AF_INET6, text.c_str(), expected.data()) == 1;
    if (!isValid && ::inet_pton(AF_INET, text.c_str(), expected.data() + 12) == 1) {
      isValid = true;
      expected[10] = expected[11] = 0xFF;
    }
    const auto address = h3::parseIpAddress(text);
    REQUIRE(address.has_value() == isValid);
    if (!isValid) continue;
    ++valid;
    REQUIRE(*address == expected);
  }
  CHECK(valid > 100);
}
