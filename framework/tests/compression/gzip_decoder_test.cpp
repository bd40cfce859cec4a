#include "compression/gzip_decoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "reference_codings.hpp"

using h3::BufferPool;
using h3::compression::DecodedBody;
using h3::compression::DecodeOutcome;
using h3::compression::GzipDecoder;
using namespace h3::test;

namespace {

struct Gunzip {
  BufferPool pool;
  GzipDecoder decoder;
  std::string text;

  DecodeOutcome operator()(std::string_view coded, std::size_t limit = 10'000'000) {
    DecodedBody body(pool, limit, coded.size());
    const DecodeOutcome outcome = decoder.decode(coded, body);
    const std::size_t bytes = body.bytes();
    const h3::Buffer buffer = body.take();
    text.assign(buffer.data, bytes);
    pool.release(buffer);
    return outcome;
  }
};

}  // namespace

TEST_CASE("gzip of all sizes, and of several members") {
  Gunzip gunzip;
  for (const std::string& text : {std::string(), std::string("x"), someJson(20), someJson(20'000)}) {
    CHECK((gunzip(gzipped(text)) == DecodeOutcome::done));
    CHECK((gunzip.text == text));
  }
  CHECK((gunzip(gzipped("one, ") + gzipped("") + gzipped("two")) == DecodeOutcome::done));
  CHECK(gunzip.text == "one, two");
}

TEST_CASE("what is cut off, changed or followed by other bytes is malformed, and the next body is right") {
  Gunzip gunzip;
  const std::string good = gzipped(someJson(20));
  for (std::size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    CHECK((gunzip(good.substr(0, size)) == DecodeOutcome::malformed));
  }
  for (std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{2}, good.size() - 1, good.size() - 5}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    CAPTURE(at);
    CHECK((gunzip(bad) == DecodeOutcome::malformed));
  }
  CHECK((gunzip(good + "x") == DecodeOutcome::malformed));
  CHECK((gunzip("plain text, not gzip") == DecodeOutcome::malformed));
  CHECK((gunzip(good) == DecodeOutcome::done));
  CHECK(gunzip.text == someJson(20));
}

TEST_CASE("both sides of the limit") {
  Gunzip gunzip;
  const std::string coded = gzipped(std::string(100'000, 'x'));
  CHECK((gunzip(coded, 100'000) == DecodeOutcome::done));
  CHECK((gunzip(coded, 99'999) == DecodeOutcome::tooLarge));
  CHECK((gunzip(gzipped(""), 0) == DecodeOutcome::done));
  CHECK((gunzip(gzipped("x"), 0) == DecodeOutcome::tooLarge));
}
