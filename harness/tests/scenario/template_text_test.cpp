#include "scenario/template_text.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using namespace leakgate;

namespace {

std::string rendered(std::string_view text, TemplateValues values = {12, 3, 7}) {
  std::string out;
  const TextTemplate compiled = TextTemplate::compile(text);
  compiled.append(values, out);
  CHECK(out.size() == compiled.size(values));
  CHECK(out.size() <= compiled.maxSize());
  return out;
}

}  // namespace

TEST_CASE("places are filled in, all else stays") {
  const char* const rows[][2] = {
      {"", ""},
      {"plain", "plain"},
      {"/u/{i}", "/u/12"},
      {"{i}{conn}{i:5}", "1232"},
      {"{i:1}", "0"},
      {"a{fill:3}b", "axxxb"},
      {"{grow:5}|", "xx|"},
      {"{grow:1}", ""},
      {R"({"user":"u{i}"})", R"({"user":"u12"})"},
      {R"({"a":{"b":{i}}})", R"({"a":{"b":12}})"},
      {"{}", "{}"},
      {"{x}", "{x}"},
      {"{i", "{i"},
      {"i}", "i}"},
      {"{ i }", "{ i }"},
      {"{I}", "{I}"},
      {"{i:}", "{i:}"},
      {"{i:-1}", "{i:-1}"},
      {"{i:1x}", "{i:1x}"},
      {"{conn:2}", "{conn:2}"},
      {"{{i}}", "{i}"},
      {"{{i:0}}", "{i:0}"},
      {"{{i}", "{12"},
      {"{i}}", "12}"},
      {"{{i}}{{rand:3}}{i}", "{i}{rand:3}12"},
      {"{{x}}", "{{x}}"},
      {"{{{i}}}", "{{i}}"},
  };
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    CHECK(rendered(row[0]) == row[1]);
  }
}

TEST_CASE("escaped text renders as it was") {
  for (const char* text : {"", "{i}", "{{i}}", "a{rand:0}b{", "{{{i}}}", "{\"a\":{i:3}}", "{{x}}"}) {
    CAPTURE(text);
    CHECK(rendered(escapeTemplate(text)) == text);
  }
}

TEST_CASE("numbers out of range are refused") {
  for (const char* text : {"{i:0}", "{rand:0}", "{fill:0}", "{grow:0}", "{fill:16777217}",
                           "{i:9223372036854775809}", "{rand:99999999999999999999999}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(TextTemplate::compile(text), std::invalid_argument);
  }
  CHECK(rendered("{i:9223372036854775808}") == "12");
}

TEST_CASE("rand is uniform, seeded, and the same in one request") {
  std::vector<int> seen(10);
  for (std::uint64_t i = 0; i < 10'000; ++i) ++seen[std::stoul(rendered("{rand:10}", {i, 0, 1}))];
  for (const int count : seen) {
    CHECK(count > 850);  // 1,000 expected, a standard deviation of 30
    CHECK(count < 1150);
  }
  const auto series = [](std::uint64_t seed) {
    std::string all;
    for (std::uint64_t i = 0; i < 20; ++i) all += rendered("{rand:1000},", {i, 0, seed});
    return all;
  };
  CHECK(series(1) == series(1));
  CHECK(series(1) != series(2));
  const std::string twice = rendered("{rand:1000000} {rand:1000000}");
  CHECK(twice.substr(0, twice.find(' ')) == twice.substr(twice.find(' ') + 1));
}

TEST_CASE("rendering into a buffer that is large enough does not move it") {
  const TextTemplate compiled = TextTemplate::compile("/u/{i}/{rand:99}/{conn}{fill:100}{grow:50}");
  std::string out;
  out.reserve(compiled.maxSize());
  const char* before = out.data();
  for (std::uint64_t i = 0; i < 1000; ++i) {
    out.clear();
    compiled.append({i, 1, 1}, out);
  }
  CHECK(out.data() == before);
}
