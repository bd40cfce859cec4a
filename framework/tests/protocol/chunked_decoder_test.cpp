#include "protocol/chunked_decoder.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

using h3::protocol::ChunkedDecoder;
using h3::protocol::Limits;
using ChunkOutcome = h3::protocol::ChunkedDecoder::Outcome;

namespace {

struct Decoded {
  ChunkOutcome outcome;
  std::string body;
  std::string trailers;
  std::size_t position;
  int status;
};

// `step` bytes at a time, behind a head of `start` bytes; `compacting` closes the gap after each step.
Decoded decode(const std::string& raw, const Limits& limits, std::size_t step, std::size_t start = 0,
               bool compacting = false) {
  ChunkedDecoder decoder(limits);
  decoder.begin(start, limits.bodyBytes, limits.trailerBytes);
  std::string data(start, 'h');
  ChunkOutcome outcome = ChunkOutcome::needMore;
  std::size_t dropped = 0;
  for (std::size_t fed = 0; fed < raw.size() && outcome == ChunkOutcome::needMore; fed += step) {
    data += raw.substr(fed, step);
    outcome = decoder.decode(data.data(), data.size());
    if (!compacting || outcome != ChunkOutcome::needMore) continue;
    dropped += decoder.position() - decoder.decodedEnd();
    data.erase(decoder.decodedEnd(), decoder.position() - decoder.decodedEnd());
    decoder.compacted();
  }
  CHECK(data.substr(0, start) == std::string(start, 'h'));
  return {outcome, data.substr(start, decoder.bodyEnd() - start),
          data.substr(decoder.bodyEnd(), decoder.decodedEnd() - decoder.bodyEnd()),
          decoder.position() + dropped - start, decoder.status()};
}

void checkAll(const std::string& raw, const Limits& limits, ChunkOutcome outcome, const std::string& body,
              int status) {
  CAPTURE(raw.substr(0, 100));
  for (const std::size_t step :
       {raw.size() + 1, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    for (const std::size_t start : {std::size_t{0}, std::size_t{30}}) {
      for (const bool compacting : {false, true}) {
        const Decoded decoded = decode(raw, limits, step, start, compacting);
        CHECK(decoded.outcome == outcome);
        CHECK(decoded.status == status);
        if (outcome != ChunkOutcome::complete) continue;
        CHECK(decoded.body == body);
        const std::string last = raw.substr(0, decoded.position);
        CHECK(last.ends_with("\r\n" + decoded.trailers));  // what follows the last chunk's line
        CHECK(decoded.trailers.ends_with("\r\n"));
      }
    }
  }
}

void checkBody(const std::string& raw, const std::string& body) {
  const Limits limits;
  checkAll(raw, limits, ChunkOutcome::complete, body, 0);
  CHECK(decode(raw + "GET / HTTP/1.1", limits, raw.size() + 14).position == raw.size());
  for (std::size_t cut = 0; cut < raw.size(); ++cut)
    CHECK(decode(raw.substr(0, cut), limits, cut + 1).outcome == ChunkOutcome::needMore);
}

}  // namespace

TEST_CASE("bodies that are taken") {
  checkBody("0\r\n\r\n", "");
  checkBody("3\r\nabc\r\n0\r\n\r\n", "abc");
  checkBody("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde");
  checkBody("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789");
  checkBody("0000000000000002\r\n\r\n\r\n0000\r\n\r\n", "\r\n");
  checkBody("1;a\r\nx\r\n0\r\n\r\n", "x");
  checkBody("1;a=b;c=\"d\\\"\te\";f\r\nx\r\n0;z=1\r\n\r\n", "x");
  checkBody("1\r\nx\r\n0\r\nName: value\r\nOther:\r\n\r\n", "x");
}

TEST_CASE("the last chunk's end in every piece: Boost 1.81 asserts there") {
  const Limits limits;
  const std::string raw = "0\r\n\r\n";
  for (std::size_t first = 1; first < raw.size(); ++first) {
    ChunkedDecoder decoder(limits);
    decoder.begin(0, limits.bodyBytes, limits.trailerBytes);
    std::string data = raw.substr(0, first);
    CHECK(decoder.decode(data.data(), data.size()) == ChunkOutcome::needMore);
    data = raw;
    CHECK(decoder.decode(data.data(), data.size()) == ChunkOutcome::complete);
    CHECK(decoder.position() == raw.size());
  }
}

TEST_CASE("each byte value where a digit, a line end, a name or a value is due") {
  const Limits limits;
  const auto isHex = [](int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const std::string one(1, static_cast<char>(byte));
    const auto refused = [&](const std::string& raw) {
      return decode(raw, limits, raw.size()).outcome == ChunkOutcome::refused;
    };
    CHECK(refused(one) == !isHex(byte));
    CHECK(refused("1" + one) == !(isHex(byte) || byte == ';' || byte == '\r'));
    CHECK(refused("1\r" + one) == (byte != '\n'));
    CHECK(refused("1\r\nx" + one) == (byte != '\r'));
    CHECK(refused("1\r\nx\r" + one) == (byte != '\n'));
    CHECK(refused("0\r\n\r" + one) == (byte != '\n'));
    const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    CHECK(refused("1;a=\"" + one) == control);
    CHECK(refused("0\r\nA:" + one) == (control && byte != '\r'));
    CHECK(refused("0\r\nA: b\r" + one) == (byte != '\n'));
  }
}

TEST_CASE("limits: the last byte within, the first byte beyond") {
  Limits limits;
  limits.bodyBytes = 10;
  limits.chunkExtensionBytes = 10;
  limits.trailerBytes = 20;
  limits.trailerCount = 2;
  checkAll("a\r\n0123456789\r\n0\r\n\r\n", limits, ChunkOutcome::complete, "0123456789", 0);
  checkAll("b\r\n", limits, ChunkOutcome::refused, "", 413);
  checkAll("9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n", limits, ChunkOutcome::complete, "0123456789", 0);
  checkAll("9\r\n012345678\r\n2\r\n", limits, ChunkOutcome::refused, "", 413);
  checkAll("ffffffffffffffff\r\n", limits, ChunkOutcome::refused, "", 413);
  checkAll("10000000000000000\r\n", limits, ChunkOutcome::refused, "", 400);
  checkAll("1;" + std::string(9, 'a') + "\r\nx\r\n0\r\n\r\n", limits, ChunkOutcome::complete, "x", 0);
  checkAll("1;" + std::string(10, 'a') + "\r\nx\r\n0\r\n\r\n", limits, ChunkOutcome::refused, "", 400);
  checkAll("1;aaaa\r\nx\r\n1;aaaa\r\ny\r\n0\r\n\r\n", limits, ChunkOutcome::complete, "xy", 0);
  checkAll("1;aaaa\r\nx\r\n1;aaaaa\r\ny\r\n0\r\n\r\n", limits, ChunkOutcome::refused, "", 400);
  checkAll("0\r\nA:\r\nB:\r\n\r\n", limits, ChunkOutcome::complete, "", 0);
  checkAll("0\r\nA:\r\nB:\r\nC:\r\n\r\n", limits, ChunkOutcome::refused, "", 400);
  checkAll("0\r\nA:" + std::string(14, 'x') + "\r\n\r\n", limits, ChunkOutcome::complete, "", 0);
  checkAll("0\r\nA:" + std::string(15, 'x') + "\r\n\r\n", limits, ChunkOutcome::refused, "", 400);
}

TEST_CASE("trailers are set apart, whatever the splits, behind a body of any size") {
  const Limits limits;
  for (const std::string trailers : {"\r\n", "A: b\r\n\r\n", "Name: value\r\nB:\r\nC: \t\x80\r\n\r\n"}) {
    for (const bool compacting : {false, true}) {
      for (std::size_t step = 1; step < 40; ++step) {
        const Decoded empty = decode("0\r\n" + trailers + "next", limits, step, 9, compacting);
        CHECK(empty.body.empty());
        CHECK(empty.trailers == trailers);
        const Decoded full =
            decode("1\r\nx\r\n3;e=f\r\nabc\r\n00\r\n" + trailers, limits, step, 9, compacting);
        CHECK(full.body == "xabc");
        CHECK(full.trailers == trailers);
      }
    }
  }
}

TEST_CASE("a decoder starts again for each message") {
  const Limits limits;
  ChunkedDecoder decoder(limits);
  for (int i = 0; i < 3; ++i) {
    std::string data = "head1;a=b\r\nx\r\n0\r\nA: b\r\n\r\n";
    decoder.begin(4, limits.bodyBytes, limits.trailerBytes);
    CHECK(decoder.decode(data.data(), data.size()) == ChunkOutcome::complete);
    CHECK(decoder.bodyEnd() == 5);
    CHECK(data.substr(0, 5) == "headx");
  }
}
