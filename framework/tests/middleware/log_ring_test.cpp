#include "middleware/log_ring.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>

using h3::LogRing;

namespace {

// Takes all that waits.
std::string takeAll(LogRing& ring) {
  std::array<iovec, 2> pieces;
  std::string bytes;
  const int count = ring.waiting(pieces);
  for (int i = 0; i < count; ++i)
    bytes.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  ring.taken(bytes.size());
  return bytes;
}

}  // namespace

TEST_CASE("whole lines, up to the last byte, around the end") {
  LogRing ring(10);
  CHECK(ring.capacity() == 16);
  CHECK(ring.give("0123456789"));
  CHECK_FALSE(ring.give("abcdefg"));
  CHECK(ring.give("abcdef"));
  CHECK_FALSE(ring.give("x"));
  CHECK(ring.waitingBytes() == 16);
  CHECK(takeAll(ring) == "0123456789abcdef");
  CHECK(takeAll(ring) == "");
  CHECK(ring.give("0123456789"));
  CHECK(takeAll(ring) == "0123456789");
  CHECK(ring.give("around the end"));
  std::array<iovec, 2> pieces;
  CHECK(ring.waiting(pieces) == 2);
  CHECK(takeAll(ring) == "around the end");
  CHECK_FALSE(ring.give("longer than the ring"));
}

TEST_CASE("what is taken in part stays in part") {
  LogRing ring(16);
  CHECK(ring.give("abcdef"));
  ring.taken(4);
  CHECK(takeAll(ring) == "ef");
}

TEST_CASE("one thread gives, another takes: nothing is lost or mixed") {
  LogRing ring(64);
  constexpr int kLines = 20'000;
  std::thread giver([&ring] {
    for (int i = 0; i < kLines;)
      if (ring.give(std::to_string(i) + "\n")) ++i;
  });
  std::string expected, taken;
  for (int i = 0; i < kLines; ++i) expected += std::to_string(i) + "\n";
  while (taken.size() < expected.size()) taken += takeAll(ring);
  giver.join();
  CHECK(taken == expected);
}
