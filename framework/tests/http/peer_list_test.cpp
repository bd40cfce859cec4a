#include "http/peer_list.hpp"

#include <doctest/doctest.h>

using h3::PeerList;

TEST_CASE("an address is of the list when one of its networks has it") {
  PeerList peers;
  CHECK(peers.add("10.0.0.0/8"));
  CHECK(peers.add("::1"));
  CHECK(peers.hasNetworks());
  CHECK(peers.contains("10.1.2.3"));
  CHECK(peers.contains("::ffff:10.1.2.3"));
  CHECK(peers.contains("::1"));
  CHECK_FALSE(peers.contains("11.0.0.1"));
  CHECK_FALSE(peers.contains("::2"));
  CHECK_FALSE(peers.contains("unix"));
  CHECK_FALSE(peers.contains("10.0.0"));
  CHECK_FALSE(peers.contains(""));
}

TEST_CASE("unix sockets have no address") {
  PeerList peers;
  CHECK_FALSE(peers.hasUnix());
  CHECK(peers.add("unix"));
  CHECK(peers.hasUnix());
  CHECK_FALSE(peers.hasNetworks());
  CHECK(peers.contains("unix"));
  CHECK_FALSE(peers.contains("127.0.0.1"));
}

TEST_CASE("what is no address is refused") {
  PeerList peers;
  for (const char* const wrong : {"", "localhost", "10.0.0.1/8", "10.0.0.0/33", "UNIX", " ::1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(peers.add(wrong));
  }
  CHECK_FALSE(peers.hasNetworks());
}
