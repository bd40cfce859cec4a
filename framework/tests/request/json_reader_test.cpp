#include "h3http/detail/json_reader.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>

#include "h3http/arena.hpp"

namespace {

using h3::detail::JsonReader;

// The whole document, read into a tree of the other parser.
nlohmann::json readTree(JsonReader& reader) {
  switch (reader.kind()) {
    case JsonReader::Kind::null:
      reader.readNull();
      return nullptr;
    case JsonReader::Kind::boolean:
      return reader.readBoolean();
    case JsonReader::Kind::number:
      return nlohmann::json::parse(reader.readNumber());
    case JsonReader::Kind::string:
      return std::string(reader.readString());
    case JsonReader::Kind::array: {
      nlohmann::json array = nlohmann::json::array();
      reader.open();
      while (reader.nextElement(array.empty())) array.push_back(readTree(reader));
      return array;
    }
    case JsonReader::Kind::object:
      break;
  }
  nlohmann::json object = nlohmann::json::object();
  reader.open();
  std::string_view key;
  for (bool isFirst = true; reader.nextMember(isFirst, key); isFirst = false) {
    const std::string name(key);
    object[name] = readTree(reader);
  }
  return object;
}

struct Reading {
  bool isValid = false;
  nlohmann::json tree;
};

Reading readWhole(std::string_view text, std::size_t maxDepth = 64) {
  h3::Arena arena;
  JsonReader reader(text, arena, maxDepth);
  try {
    Reading reading{true, readTree(reader)};
    reader.finish();
    return reading;
  } catch (const h3::InvalidValues&) {
    return {};
  }
}

bool isSkippable(std::string_view text) {
  h3::Arena arena;
  JsonReader reader(text, arena, 64);
  try {
    reader.skip();
    reader.finish();
    return true;
  } catch (const h3::InvalidValues&) {
    return false;
  }
}

std::string failureOf(std::string_view text, std::size_t maxDepth = 64) {
  h3::Arena arena;
  JsonReader reader(text, arena, maxDepth);
  try {
    reader.skip();
    reader.finish();
  } catch (const h3::InvalidValues& invalid) {
    return invalid.what();
  }
  return "";
}

}  // namespace

TEST_CASE("what is no JSON is refused with its position") {
  const struct {
    std::string_view text;
    std::string_view message;
  } rows[] = {
      {"", "found \"byte 0\": a value"},
      {"[1,]", "byte 3"},
      {"[1 2]", "',' or ']'"},
      {"{\"a\" 1}", "':'"},
      {"{a:1}", "a string"},
      {"nul", "null"},
      {"01", "nothing after the value"},
      {"-", "a digit"},
      {"1.", "a digit"},
      {"1e+", "a digit"},
      {"\"a", "the end of a string"},
      {"\"\\", "the end of a string"},
      {"\"\\u12", "the end of a string"},
      {"\"\\x\"", "an escape of JSON"},
      {"\"\\u12g4\"", "four hex digits"},
      {"\"\\ud800\"", "a pair of surrogates"},
      {"\"\\udc00\"", "a pair of surrogates"},
      {"\"\\udc00\\udc00\"", "a pair of surrogates"},
      {"\"\\ud800\\u0041\"", "a pair of surrogates"},
      {"\"\xFF\"", "UTF-8"},
      {"\"a\tb\"", "no control bytes in a string"},
      {"1 1", "nothing after the value"},
      {std::string_view("1\0", 2), "nothing after the value"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const std::string failure = failureOf(row.text);
    CAPTURE(failure);
    if (row.message.starts_with("found")) {
      CHECK(failure.find("found \"byte 0\"") != std::string::npos);
    } else if (row.message.starts_with("byte")) {
      CHECK(failure.find(row.message) != std::string::npos);
    } else {
      CHECK(failure.find("valid JSON: " + std::string(row.message) + ",") != std::string::npos);
    }
  }
}

TEST_CASE("depth is bounded: for values and for those that are skipped") {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  CHECK(readWhole(deep).isValid);
  CHECK(isSkippable(deep));
  CHECK(readWhole(deep.substr(0, 3) + "]]]", 3).isValid);
  CHECK_FALSE(readWhole(deep.substr(0, 4) + "]]]]", 3).isValid);
  CHECK(failureOf("[" + deep + "]").find("at most 64 levels") != std::string::npos);
  CHECK_FALSE(isSkippable(std::string(1'000'000, '[')));
  CHECK(failureOf(std::string(1'000'000, '['), 1'000'000).find("at most 256 levels") != std::string::npos);
}

TEST_CASE("changed documents: the same as nlohmann_json, which is another parser") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view documents[] = {
      R"({"a":[1,-2.5e3,true,false,null],"b":{"c":"x\u00e9\n\"\\\/"},"":[[],{}]})",
      R"(["\ud834\udd1e","\u0041","é€𝄞",0,-0,0.5,1E+2,12345678901234567890])",
      R"( { "k" : [ { "k" : [ ] } , "v" ] } )",
  };
  const std::string_view bytes = "[]{}\",:\\u0019eE+-.tfn \n\x01\x7F\xC3\xA9\xED\xFF";
  int valid = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text(documents[random() % std::size(documents)]);
    for (std::size_t changes = random() % 4; changes != 0; --changes) {
      const std::size_t at = random() % text.size();
      const char byte = bytes[random() % bytes.size()];
      if (random() % 3 == 0) {
        text.erase(at, 1 + random() % 3);
        if (text.empty()) text = " ";
      } else if (random() % 2 == 0) {
        text.insert(at, 1, byte);
      } else {
        text[at] = byte;
      }
    }
    CAPTURE(text);
    // What it calls invalid beyond the grammar: a number that no double holds.
    const nlohmann::json expected = nlohmann::json::parse(text, nullptr, false);
    const bool isValid = !expected.is_discarded();
    valid += isValid ? 1 : 0;
    if (isSkippable(text) != isValid) {
      CHECK(text.find_first_of("eE") != std::string::npos);
      continue;
    }
    if (!isValid) continue;
    const Reading own = readWhole(text);
    REQUIRE(own.isValid);
    CHECK(own.tree == expected);
  }
  CHECK(valid > 10'000);
}
