#include "h3http/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

RawResponse post(const ServedApp& served, const std::string& target, const std::string& body,
                 const std::string& type = "application/json") {
  const std::string fields = (type.empty() ? "" : "Content-Type: " + type + "\r\n") +
                             "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return served.exchange(requestText("POST", target, fields) + body);
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("JSON bodies are read, or refused without an echo") {
  h3::App app;
  app.post("/value", [](h3::Event& event) { return h3::readJson(event); });
  app.post("/numbers", [](h3::Event& event) {
    int sum = 0;
    for (const int number : h3::readJson<std::vector<int>>(event)) sum += number;
    return std::to_string(sum);
  });
  const ServedApp served(app);
  CHECK(post(served, "/value", R"({"a": [1, "x", null]})").body == R"({"a":[1,"x",null]})");
  CHECK(post(served, "/value", "1", "application/problem+json; charset=utf-8").body == "1");
  CHECK(post(served, "/numbers", "[1,2,3]").body == "6");
  CHECK(post(served, "/value", nested(64)).status == 200);
  const std::string bom = "\xef\xbb\xbf";
  for (const std::string& body : {std::string(" \t\r\n[1]\r\n\t "), bom + "[1]",
                                  std::string(R"("\u0000\ud834\udd1e")"), std::string("18446744073709551616"),
                                  std::string("1e308"), std::string("-0.0"), std::string("null")}) {
    CAPTURE(body);
    CHECK(post(served, "/value", body).status == 200);
  }
  using namespace std::string_literals;
  const struct {
    std::string body;
    std::string type;
    int status;
  } cases[] = {
      {"[1]", "text/plain", 415},
      {"[1]", "", 415},
      {"[1]", "application/jsonp", 415},
      {"", "application/json", 400},
      {"{", "application/json", 400},
      {"[1] x", "application/json", 400},
      {"[1]\0garbage"s, "application/json", 400},
      {"[1]\0"s, "application/json", 400},
      {"\0[1]"s, "application/json", 400},
      {"[1,\0 2]"s, "application/json", 400},
      {"\"a\0b\""s, "application/json", 400},
      {"\0"s, "application/json", 400},
      {"[1][2]", "application/json", 400},
      {"1 2", "application/json", 400},
      {"{}}", "application/json", 400},
      {"[1] // x", "application/json", 400},
      {"[1]\f", "application/json", 400},
      {"[1]\xc2\xa0", "application/json", 400},
      {"[1]" + bom, "application/json", 400},
      {bom, "application/json", 400},
      {"\xff\xfe[\0001\0]\0"s, "application/json", 400},
      {"[1,]", "application/json", 400},
      {"[NaN]", "application/json", 400},
      {"Infinity", "application/json", 400},
      {"-Infinity", "application/json", 400},
      {"1e309", "application/json", 400},
      {"[-1e999]", "application/json", 400},
      {"01", "application/json", 400},
      {"+1", "application/json", 400},
      {".5", "application/json", 400},
      {"1.", "application/json", 400},
      {"0x1", "application/json", 400},
      {"\"\x01\"", "application/json", 400},
      {"\"\xff\"", "application/json", 400},
      {"\"\xc0\xaf\"", "application/json", 400},
      {"\"\xed\xa0\x80\"", "application/json", 400},
      {"\"\xf4\x90\x80\x80\"", "application/json", 400},
      {"{\"\xff\":1}", "application/json", 400},
      {"\"\\ud800\"", "application/json", 400},
      {"\"\\ud800x\"", "application/json", 400},
      {"\"\\udc00\"", "application/json", 400},
      {"\"\\ud800\\ud800\"", "application/json", 400},
      {nested(65), "application/json", 400},
      {nested(10'000), "application/json", 400},
      {"'secret'", "application/json", 400},
  };
  for (const auto& sent : cases) {
    CAPTURE(sent.body.substr(0, 80));
    const RawResponse response = post(served, "/value", sent.body, sent.type);
    CHECK(response.status == sent.status);
    CHECK(response.body.find("secret") == std::string::npos);
  }
  CHECK(post(served, "/value", "[1]", "text/plain\r\nContent-Type: application/json").status == 415);
  CHECK(post(served, "/value", "[1]", "application/json\r\nContent-Type: text/plain").status == 415);
  CHECK(post(served, "/numbers", R"({"a":1})").status == 400);
  CHECK(post(served, "/numbers", R"(["a"])").status == 400);
}
