// The word-at-a-time loops against plain ones: every length, every place, every byte.
#include "http/control_bytes.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace h3;

namespace {

constexpr std::size_t kLengths = 70;

std::size_t firstControl(std::string_view text, std::size_t from) {
  while (from < text.size() && !isControlByte(text[from])) ++from;
  return from;
}

}  // namespace

TEST_CASE("one odd byte at each place of each length") {
  int wrong = 0;
  for (std::size_t length = 0; length < kLengths; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'a');
        text[place] = static_cast<char>(byte);
        const bool control = byte < 0x20 || byte == 0x7F;
        wrong += findControlByte(text) != (control ? place : length);
        wrong += holdsControlByte(text) != control;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("the search continues from anywhere, past earlier finds and next to bytes that are not ASCII") {
  int wrong = 0;
  for (std::size_t length = 0; length < kLengths; ++length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += "a\r\x80\xFF\x7F b\x1F!"[i * i % 9];
    for (std::size_t from = 0; from <= length; ++from)
      wrong += findControlByte(text, from) != firstControl(text, from);
    wrong += holdsControlByte(text) != (firstControl(text, 0) != length);
  }
  CHECK(wrong == 0);
}
