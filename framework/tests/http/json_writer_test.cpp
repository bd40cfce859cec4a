#include "h3http/json_writer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "h3http/arena.hpp"
#include "http/utf8.hpp"

using h3::Arena;
using h3::JsonWriter;

namespace {

std::string written(std::string_view text) {
  Arena arena;
  return std::string(JsonWriter(arena).value(text).text());
}

}  // namespace

TEST_CASE("objects, arrays, commas") {
  Arena arena;
  JsonWriter json(arena);
  json.beginObject().key("a").value(1).key("b").beginArray();
  json.value("x")
      .value(true)
      .value(nullptr)
      .beginObject()
      .endObject()
      .beginArray()
      .endArray()
      .value(2.5)
      .endArray();
  json.member("c", std::string_view("y")).member("d", false).endObject();
  CHECK(json.text() == R"({"a":1,"b":["x",true,null,{},[],2.5],"c":"y","d":false})");
}

TEST_CASE("the hot path's message") {
  Arena arena;
  h3::test::AllocationCounter use;
  JsonWriter json(arena);
  json.beginObject().member("message", "Hello, World!").endObject();
  CHECK(json.text() == R"({"message":"Hello, World!"})");
  CHECK(use.count() == 0);
}

TEST_CASE("numbers") {
  Arena arena;
  JsonWriter json(arena);
  json.beginArray();
  json.value(0).value(-1).value(std::numeric_limits<std::int64_t>::min());
  json.value(std::numeric_limits<std::uint64_t>::max()).value(static_cast<unsigned char>(7)).value(short{-3});
  json.value(0.1).value(1e300).value(-0.0).value(1.0).value(-2.2250738585072014e-308);
  json.value(std::numeric_limits<double>::quiet_NaN()).value(std::numeric_limits<double>::infinity());
  json.value(-std::numeric_limits<double>::infinity()).endArray();
  CHECK(json.text() ==
        "[0,-1,-9223372036854775808,18446744073709551615,7,-3,0.1,1e+300,-0,1,-2.2250738585072014e-308,"
        "null,null,null]");
}

TEST_CASE("strings are escaped") {
  struct Row {
    std::string text;
    const char* json;
  };
  const Row rows[] = {
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"exactly8", R"("exactly8")"},
      {"quote\"", R"("quote\"")"},
      {"back\\slash", R"("back\\slash")"},
      {"/", R"("/")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {std::string("\0", 1), R"("\u0000")"},
      {"\x1F", R"("\u001f")"},
      {"\x7F", "\"\x7F\""},
      {"1234567\x1F", R"("1234567\u001f")"},
      {"1234567\x20\x7F", "\"1234567\x20\x7F\""},
      {"12345678\n12345678", R"("12345678\n12345678")"},
      {"1234567\"1234567\\", R"("1234567\"1234567\\")"},
      {"caf\xC3\xA9", "\"caf\xC3\xA9\""},
      {"\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xE2\x82\xAC\xF0\x9F\x98\x80\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(written(row.text) == row.json);
  }
}

TEST_CASE("bytes that are not UTF-8 become U+FFFD, one for each maximal subpart") {
  const std::string r = "\xEF\xBF\xBD";
  struct Row {
    std::string text, replaced;
  };
  const Row rows[] = {
      {"\x80", r},
      {"\xFF", r},
      {"a\xC3", "a" + r},
      {"1234567\x80", "1234567" + r},
      {"1234567\x9F", "1234567" + r},
      {"\xC3(", r + "("},
      {"\xC0\xAF", r + r},                  // Overlong.
      {"\xE0\x80\x80", r + r + r},          // Overlong.
      {"\xED\xA0\x80", r + r + r},          // A surrogate.
      {"\xF4\x90\x80\x80", r + r + r + r},  // Above U+10FFFF.
      {"\xF5\x80", r + r},
      {"\xE2\x82", r},  // Cut short.
      {"\xE2\x82z", r + "z"},
      {"\xF0\x9F\x98", r},
      {"\xF0\x9F\x98\xE2\x82\xAC", r + "\xE2\x82\xAC"},
      {"\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
       "\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(written(row.text) == '"' + row.replaced + '"');
  }
  CHECK(h3::utf8CharacterBytes("") == 0);
}

TEST_CASE("random bytes: the text is what another library reads and writes") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view alphabet("ab\"\\\n\x01\x80\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\xED\xFF", 16);
  for (int i = 0; i < 2000; ++i) {
    std::string text(random() % 40, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    CAPTURE(text);
    const nlohmann::json expected(text);
    const std::string json = written(text);
    CHECK(json == expected.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    CHECK(nlohmann::json::accept(json));
  }
}

TEST_CASE("text grows in place, and around other allocations") {
  Arena arena({.firstBlockBytes = 1024});
  std::string expected = "[";
  JsonWriter json(arena, 1);
  json.beginArray();
  for (int i = 0; i < 5000; ++i) {
    json.value(i);
    expected.append(i == 0 ? "" : ",").append(std::to_string(i));
    if (i % 500 == 0) arena.allocate(3);
  }
  json.endArray();
  CHECK(json.text() == expected + "]");
}

TEST_CASE("the unused room goes back to the arena, the text stays") {
  Arena arena;
  std::string_view text;
  {
    JsonWriter json(arena, 1000);
    text = json.beginArray().value(1).endArray().text();
  }
  CHECK(arena.usedBytes() == 3);
  CHECK(text == "[1]");
}

TEST_CASE("both sides of the depth") {
  Arena arena;
  JsonWriter json(arena);
  for (std::size_t i = 0; i < JsonWriter::kMaxDepth; ++i) {
    i % 2 == 0 ? json.beginArray() : json.beginObject().key("k");
  }
  CHECK_THROWS_AS(json.beginArray(), std::length_error);
  json.value(1);
  for (std::size_t i = JsonWriter::kMaxDepth; i-- > 0;) i % 2 == 0 ? json.endArray() : json.endObject();
  CHECK(nlohmann::json::accept(json.text()));
}

TEST_CASE("the arena's limit is the text's limit") {
  Arena arena({.firstBlockBytes = 1024, .retainBytes = 1024, .limitBytes = 4096});
  JsonWriter json(arena);
  CHECK_THROWS_AS(json.value(std::string(5000, 'x')), std::bad_alloc);
}
