#include "report/packed_text.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace leakgate;

namespace {

std::string anyBytes(std::size_t count) {
  std::mt19937 random(7);  // NOLINT: the same bytes in each run
  std::string text;
  while (text.size() < count) text += static_cast<char>(random());
  return text;
}

}  // namespace

TEST_CASE("text of any length and bytes is unpacked as it was") {
  for (const std::size_t length : {0U, 1U, 2U, 3U, 4U, 100U, 70'000U}) {
    CAPTURE(length);
    const std::string text = anyBytes(length);
    CHECK(unpacked(packed(text), length) == text);
    CHECK(packed(text).find_first_of("<>&\"") == std::string::npos);
  }
  const std::string report(1U << 20U, 'a');
  CHECK(packed(report).size() < 2'000);
  CHECK(unpacked(packed(report), report.size()) == report);
}

TEST_CASE("what gunzip reads is written") { CHECK(packed("").starts_with("H4sI")); }

TEST_CASE("damaged or too long text is refused") {
  const std::string text = packed("leakgate");
  CHECK_FALSE(unpacked(text.substr(0, text.size() / 2), 1'000));
  CHECK_FALSE(unpacked("not base64!", 1'000));
  CHECK_FALSE(unpacked("", 1'000));
  CHECK_FALSE(unpacked(packed(std::string(1U << 20U, 'a')), 1'000));
}
