#include "h3http/multipart.hpp"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>
#include <string>

namespace {

using h3::MultipartError;

// "[name:filename:type]data." for each part.
class PartWriter final : public h3::MultipartHandler {
 public:
  void onPartBegin(const h3::PartHead& head) override {
    text.append("[").append(head.name).append(":").append(head.filename.value_or("-")).append(":");
    text.append(head.contentType).append("]");
  }
  void onPartData(std::string_view bytes) override {
    CHECK_FALSE(bytes.empty());
    text.append(bytes);
  }
  void onPartEnd() override { text.append("."); }

  std::string text;
};

struct Parsed {
  std::string text;
  MultipartError error = MultipartError::none;
};

Parsed parse(std::string_view body, std::size_t pieceBytes = std::string_view::npos,
             h3::MultipartLimits limits = {}) {
  PartWriter writer;
  h3::MultipartParser parser("XyZ", writer, limits);
  MultipartError error = MultipartError::none;
  while (error == MultipartError::none && !body.empty()) {
    error = parser.push(body.substr(0, pieceBytes));
    body.remove_prefix(std::min(pieceBytes, body.size()));
  }
  if (error == MultipartError::none) error = parser.finish();
  return {writer.text, error};
}

std::string part(const std::string& fields, const std::string& data) {
  return "--XyZ\r\n" + fields + "\r\n\r\n" + data + "\r\n";
}

std::string named(const std::string& name, const std::string& data) {
  return part("Content-Disposition: form-data; name=\"" + name + "\"", data);
}

const std::string kLast = "--XyZ--\r\n";

std::string twoParts() {
  return named("a", "1") +
         part(
             "content-type:  text/plain\r\nX-Other: y\r\nCONTENT-DISPOSITION: Form-Data; filename=\"f.txt\"; name=b",
             "\r\n--Xy\r\r\n-\n") +
         named("empty", "") + kLast;
}

const std::string kTwoParts = "[a:-:]1.[b:f.txt:text/plain]\r\n--Xy\r\r\n-\n.[empty:-:].";

}  // namespace

TEST_CASE("parts, whatever the pieces") {
  for (std::size_t pieceBytes = 1; pieceBytes < 100; ++pieceBytes) {
    CAPTURE(pieceBytes);
    const Parsed parsed = parse(twoParts(), pieceBytes);
    CHECK(parsed.text == kTwoParts);
    CHECK(parsed.error == MultipartError::none);
  }
  CHECK(parse(twoParts()).text == kTwoParts);
  CHECK(parse("--XyZ--").error == MultipartError::none);
  CHECK(parse("\r\n" + named("a", "1") + "--XyZ--").text == "[a:-:]1.");
}

TEST_CASE("names as browsers and curl send them") {
  CHECK(parse(named("a%22b%0D%0Ac%41", "") + kLast).text == "[a\"b\r\nc%41:-:].");
  CHECK(parse(named(R"(a\"b\\c\d)", "") + kLast).text == R"([a"b\c\d:-:].)");
  CHECK(parse(named("\xC3\xA9;=, ", "") + kLast).text == "[\xC3\xA9;=, :-:].");
  CHECK(
      parse(part("Content-Disposition: form-data; name=a; filename=\"\"; filename*=UTF-8''evil", "") + kLast)
          .text == "[a::].");
}

TEST_CASE("what is malformed is refused") {
  const std::string disposition = "Content-Disposition: form-data; name=a";
  const struct {
    std::string body;
    MultipartError error;
  } rows[] = {
      {"", MultipartError::unfinished},
      {"x", MultipartError::badStart},
      {"preamble\r\n" + named("a", "") + kLast, MultipartError::badStart},
      {"\n" + named("a", "") + kLast, MultipartError::badStart},
      {"--XyZ", MultipartError::unfinished},
      {"--XyZ \r\n", MultipartError::badDelimiter},
      {"--XyZab", MultipartError::badDelimiter},
      {"--XyZ\n\n", MultipartError::badDelimiter},
      {named("a", "x\r\n--XyZy") + kLast, MultipartError::badDelimiter},
      {named("a", "1"), MultipartError::unfinished},
      {named("a", "1") + "--XyZ", MultipartError::unfinished},
      {named("a", "1") + "--XyZ-", MultipartError::unfinished},
      {named("a", "1") + "--XyZ--x", MultipartError::dataAfterEnd},
      {named("a", "1") + "--XyZ--\r", MultipartError::dataAfterEnd},
      {named("a", "1") + kLast + "x", MultipartError::dataAfterEnd},
      {"--XyZ\r\n\r\n\r\n" + kLast, MultipartError::badPartHeader},
      {part("X: y", "") + kLast, MultipartError::badPartHeader},
      {part("Content-Disposition: attachment; name=a", "") + kLast, MultipartError::badPartHeader},
      {part("Content-Disposition: form-data", "") + kLast, MultipartError::badPartHeader},
      {part("Content-Disposition: form-data; name", "") + kLast, MultipartError::badPartHeader},
      {part("Content-Disposition: form-data; name=a; name=b", "") + kLast, MultipartError::badPartHeader},
      {part("Content-Disposition: form-data; name=\"a", "") + kLast, MultipartError::badPartHeader},
      {part("Content-Disposition: form-data; name=a; filename=b; filename=c", "") + kLast,
       MultipartError::badPartHeader},
      {part(disposition + "\r\n" + disposition, "") + kLast, MultipartError::badPartHeader},
      {part(disposition + "\r\n folded", "") + kLast, MultipartError::badPartHeader},
      {part(disposition + "\r\nNo colon", "") + kLast, MultipartError::badPartHeader},
      {part(disposition + "\r\nX : y", "") + kLast, MultipartError::badPartHeader},
      {part(disposition + "\nX: y", "") + kLast, MultipartError::badPartHeader},
      {part(disposition + "\r\nContent-Type: a/b\r\nContent-Type: c/d", "") + kLast,
       MultipartError::badPartHeader},
      {part(disposition + std::string(1, '\0'), "") + kLast, MultipartError::badPartHeader},
      {part(disposition + "\r\nContent-Transfer-Encoding: base64", "") + kLast, MultipartError::badEncoding},
  };
  for (const auto& row : rows) {
    CAPTURE(row.body);
    CHECK(parse(row.body).error == row.error);
    CHECK(parse(row.body, 1).error == row.error);
    CHECK_FALSE(h3::describe(row.error).empty());
  }
  CHECK(parse(part(disposition + "\r\nContent-Transfer-Encoding: 8BIT", "") + kLast).error ==
        MultipartError::none);
}

TEST_CASE("limits: both sides") {
  std::string three = named("a", "12345") + named("b", "") + named("c", "");
  CHECK(parse(three + kLast, 7, {.parts = 3}).error == MultipartError::none);
  CHECK(parse(three + kLast, 7, {.parts = 2}).error == MultipartError::tooManyParts);
  CHECK(parse(three + kLast, 7, {.partBytes = 5}).error == MultipartError::none);
  CHECK(parse(three + kLast, 7, {.partBytes = 4}).error == MultipartError::partTooLarge);
  CHECK(parse(named("abc", "") + kLast, 7, {.nameBytes = 3}).error == MultipartError::none);
  CHECK(parse(named("abcd", "") + kLast, 7, {.nameBytes = 3}).error == MultipartError::nameTooLong);
  const std::string fields = "Content-Disposition: form-data; name=a";
  for (std::size_t pieceBytes = 1; pieceBytes < 60; ++pieceBytes) {  // also within the fields' end
    CAPTURE(pieceBytes);
    const std::string one = part(fields, "") + kLast;
    CHECK(parse(one, pieceBytes, {.headerBytes = fields.size()}).error == MultipartError::none);
    CHECK(parse(one, pieceBytes, {.headerBytes = fields.size() - 1}).error ==
          MultipartError::partHeaderTooLarge);
  }
  // Refused before the end of the fields arrives.
  CHECK(parse("--XyZ\r\n" + std::string(5000, 'x'), 100).error == MultipartError::partHeaderTooLarge);
}

TEST_CASE("the boundary of a content type") {
  CHECK(h3::multipartBoundary("multipart/form-data; boundary=XyZ") == "XyZ");
  CHECK(h3::multipartBoundary("Multipart/Form-Data ;charset=utf-8; BOUNDARY=\"a b:c\"") == "a b:c");
  CHECK(h3::multipartBoundary("multipart/form-data; boundary=" + std::string(70, 'a')));
  for (const std::string& type :
       {std::string("multipart/form-data"), std::string("multipart/mixed; boundary=a"),
        std::string("multipart/form-data; boundary="), std::string("multipart/form-data; boundary=\"a \""),
        std::string("multipart/form-data; boundary=\"a\\\"b\""),
        std::string("multipart/form-data; boundary=a; boundary=b"),
        std::string("multipart/form-data; boundary=a b"), std::string(""), std::string("; boundary=a"),
        "multipart/form-data; boundary=" + std::string(71, 'a')}) {
    CAPTURE(type);
    CHECK_FALSE(h3::multipartBoundary(type));
  }
  PartWriter writer;
  CHECK_THROWS_AS(h3::MultipartParser(std::string(71, 'a'), writer), std::invalid_argument);
}

TEST_CASE("changed bodies: pieces give the same parts and errors as the whole, within the limits") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view bytes("\r\n-XyZ:;=\"\\ a\0", 14);
  int good = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string body = twoParts();
    for (std::size_t changes = random() % 4; changes != 0; --changes) {
      const std::size_t at = random() % body.size();
      if (random() % 2 == 0) {
        body[at] = bytes[random() % bytes.size()];
      } else {
        body.insert(at, 1, bytes[random() % bytes.size()]);
      }
    }
    CAPTURE(body);
    const Parsed whole = parse(body);
    const Parsed pieces = parse(body, 1 + random() % 40);
    REQUIRE(whole.error == pieces.error);
    if (whole.error == MultipartError::none) {
      ++good;
      REQUIRE(whole.text == pieces.text);
    }
  }
  CHECK(good > 1'000);
}
