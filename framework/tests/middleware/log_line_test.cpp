#include "middleware/log_line.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "../support/local_worker.hpp"
#include "../support/pattern.hpp"
#include "../support/served_app.hpp"
#include "h3http/request_id.hpp"

using h3::LogFormat;
using h3::test::LocalWorker;
using h3::test::matches;
using h3::test::requestText;
using nlohmann::json;

namespace {

constexpr timespec kNow{1'796'059'575, 42'900'000};  // 2026-11-30 17:26:15.0429 UTC

// The line of a request to an app with one route.
std::string lineOf(const std::string& request, LogFormat format, bool withId = true) {
  h3::App app;
  if (withId) app.useFast(h3::requestId({.trustIncoming = true}));
  app.get("/users/:id", [](h3::Event& event) { event.sendText(*event.getParam("id")); });
  LocalWorker worker(app);
  const h3::Event& event = worker.run(request);
  h3::LogLine line;
  return std::string(h3::formatLogLine(line, event, format, kNow));
}

const std::string kFields =
    "Referer: https://a.example/?\"q\"\r\nUser-Agent: agent/1.0 (\xc3\xa9)\r\nX-Request-Id: id-7\r\n";

}  // namespace

TEST_CASE("the combined format") {
  CHECK(lineOf(requestText("GET", "/users/7?x=1", kFields), LogFormat::combined) ==
        "127.0.0.1 - - [30/Nov/2026:17:26:15 +0000] \"GET /users/7?x=1 HTTP/1.1\" 200 1 "
        "\"https://a.example/?\\\"q\\\"\" \"agent/1.0 (\\xc3\\xa9)\" \"id-7\"\n");
  CHECK(lineOf("GET /x HTTP/1.0\r\nHost: a\r\n\r\n", LogFormat::combined, false) ==
        "127.0.0.1 - - [30/Nov/2026:17:26:15 +0000] \"GET /x HTTP/1.0\" 404 9 \"-\" \"-\" \"-\"\n");
}

TEST_CASE("JSON lines") {
  const std::string line = lineOf(requestText("GET", "/users/7?x=1", kFields), LogFormat::json);
  CHECK(line.ends_with("}\n"));
  json object = json::parse(line);
  CHECK(object.at("us").is_number_unsigned());
  object.erase("us");
  CHECK(object == json{{"time", "2026-11-30T17:26:15.042Z"},
                       {"request_id", "id-7"},
                       {"client", "127.0.0.1"},
                       {"method", "GET"},
                       {"target", "/users/7?x=1"},
                       {"route", "/users/:id"},
                       {"version", "1.1"},
                       {"status", 200},
                       {"bytes", 1},
                       {"referer", "https://a.example/?\"q\""},
                       {"user_agent", "agent/1.0 (\xc3\x83\xc2\xa9)"}});  // each byte by itself
  const json bare = json::parse(lineOf(requestText("GET", "/x"), LogFormat::json, false));
  for (const char* const name : {"request_id", "route", "referer", "user_agent"})
    CHECK_FALSE(bare.contains(name));
}

TEST_CASE("no request forges a line or a field, and no line is too long") {
  const std::string bytes = std::string(6'000, '"') + "\\\t\xff\\";
  for (const LogFormat format : {LogFormat::combined, LogFormat::json}) {
    for (const std::size_t size : {10u, 500u, 6'000u}) {
      const std::string noisy = bytes.substr(bytes.size() - size);
      const std::string line =
          lineOf(requestText("GET", "/" + std::string(size, 'a') + "?" + std::string(1'000, 'b'),
                             "Referer: " + noisy + "\r\nUser-Agent: " + noisy + "\r\n"),
                 format);
      CAPTURE(line);
      CHECK(line.size() <= h3::kMaxLogLineBytes);
      CHECK(std::count(line.begin(), line.end(), '\n') == 1);
      CHECK(std::all_of(line.begin(), line.end() - 1, [](char c) { return c >= 0x20 && c < 0x7f; }));
      if (format == LogFormat::json) {
        CHECK(json::parse(line).at("status") == 404);
      } else {
        CHECK(matches(line,
                      R"re(127\.0\.0\.1 - - \[[^]]*\] "GET [^ "]* HTTP/1\.1" 404 9( "([^"\\]|\\.)*"){3})re"
                      "\n"));
      }
    }
  }
}

TEST_CASE("times over the calendar") {
  const struct {
    std::time_t seconds;
    std::string text;
  } cases[] = {{0, "[01/Jan/1970:00:00:00 +0000]"},
               {951'782'400, "[29/Feb/2000:00:00:00 +0000]"},
               {4'102'444'799, "[31/Dec/2099:23:59:59 +0000]"}};
  h3::App app;
  LocalWorker worker(app);
  const h3::Event& event = worker.run(requestText("GET", "/"));
  for (const auto& c : cases) {
    h3::LogLine line;
    CHECK(std::string(h3::formatLogLine(line, event, LogFormat::combined, {c.seconds, 0})).find(c.text) !=
          std::string::npos);
  }
}
