#include "http/short_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace h3;

namespace {

constexpr std::size_t kShortLengths = 70;

}  // namespace

TEST_CASE("a copy is the text and not a byte more") {
  for (std::size_t length = 0; length < kShortLengths; ++length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += static_cast<char>('0' + i);
    std::string room(kShortLengths + 2, '.');
    CHECK(copyText(room.data() + 1, text) == room.data() + 1 + length);
    CHECK(room == '.' + text + std::string(kShortLengths + 1 - length, '.'));
  }
}

TEST_CASE("texts that differ in one byte at any place are not equal") {
  int wrong = 0;
  for (std::size_t length = 0; length < kShortLengths; ++length) {
    const std::string text(length, 'a');
    wrong += !equalTexts(text.data(), std::string(text).data(), length);
    for (std::size_t place = 0; place < length; ++place) {
      std::string other = text;
      other[place] = 'b';
      wrong += equalTexts(text.data(), other.data(), length);
    }
  }
  CHECK(wrong == 0);
}
