#include "compression/brotli_decoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "reference_codings.hpp"

using h3::BufferPool;
using h3::compression::decodeBrotli;
using h3::compression::DecodedBody;
using h3::compression::DecodeOutcome;
using namespace h3::test;

namespace {

struct Unbrotli {
  BufferPool pool;
  h3::compression::BlockCache memory;
  std::string text;

  DecodeOutcome operator()(std::string_view coded, std::size_t limit = 10'000'000) {
    DecodedBody body(pool, limit, coded.size());
    const DecodeOutcome outcome = decodeBrotli(coded, body, memory);
    const std::size_t bytes = body.bytes();
    const h3::Buffer buffer = body.take();
    text.assign(buffer.data, bytes);
    pool.release(buffer);
    return outcome;
  }
};

}  // namespace

TEST_CASE("brotli of all sizes") {
  Unbrotli decode;
  for (const std::string& text : {std::string(), std::string("x"), someJson(20), someJson(20'000)}) {
    CHECK((decode(brotlied(text)) == DecodeOutcome::done));
    CHECK((decode.text == text));
  }
}

TEST_CASE("what is cut off or followed by other bytes is malformed, and the next body is right") {
  Unbrotli decode;
  const std::string good = brotlied(someJson(20));
  for (std::size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    CHECK((decode(good.substr(0, size)) == DecodeOutcome::malformed));
  }
  CHECK((decode(good + "x") == DecodeOutcome::malformed));
  CHECK((decode("plain text, not brotli") == DecodeOutcome::malformed));
  CHECK((decode(good) == DecodeOutcome::done));
  CHECK(decode.text == someJson(20));
  CHECK(decode.memory.keptBytes() > 0);
}

TEST_CASE("both sides of the limit") {
  Unbrotli decode;
  const std::string coded = brotlied(std::string(100'000, 'x'));
  CHECK((decode(coded, 100'000) == DecodeOutcome::done));
  CHECK((decode(coded, 99'999) == DecodeOutcome::tooLarge));
  CHECK((decode(brotlied(""), 0) == DecodeOutcome::done));
  CHECK((decode(brotlied("x"), 0) == DecodeOutcome::tooLarge));
}
