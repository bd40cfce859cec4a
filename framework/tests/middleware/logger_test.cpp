#include "h3http/logger.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../support/pattern.hpp"
#include "../support/served_app.hpp"
#include "app/lifecycle.hpp"
#include "h3http/testing.hpp"

using namespace h3::test;

namespace {

// Lines of a logger; filled by the server's threads.
class Lines {
 public:
  h3::LoggerOptions options() {
    return {[this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    }};
  }
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

const std::string kTail = " [0-9]+us 127\\.0\\.0\\.1\n";

}  // namespace

TEST_CASE("one line a request, on every path") {
  Lines lines;
  h3::App app;
  h3::logger(app, lines.options());
  app.get("/hello", [](h3::Event&) { return "hello"; });
  app.get("/broken", [](h3::Event&) -> const char* { throw std::runtime_error("no"); });
  app.get("/nothing", [](h3::Event& event) { event.sendNothing(204); });
  const ServedApp served(app);
  const struct {
    std::string request;
    std::string line;
  } cases[] = {
      {requestText("GET", "/hello?x=1"), R"(GET "/hello\?x=1" 200 5B)"},
      {requestText("GET", "/%68el%6co?x=%31"), R"(GET "/hello\?x=%31" 200 5B)"},
      {requestText("GET", "/x/../caf%c3%a9"), R"(GET "/caf%C3%A9" 404 9B)"},
      {requestText("HEAD", "/hello"), R"(HEAD "/hello" 200 0B)"},
      {requestText("GET", "/nothing"), R"(GET "/nothing" 204 0B)"},
      {requestText("GET", "/missing"), R"(GET "/missing" 404 9B)"},
      {requestText("PUT", "/hello"), R"(PUT "/hello" 405 18B)"},
      {requestText("GET", "/broken"), R"(GET "/broken" 500 2B)"},
      {"GET /hello HTTP/1.1\r\n\r\n", R"(GET "/hello" 400 11B)"},
      {"GET /hello HTTP/9.9\r\n\r\n", R"(.* 505 [0-9]+B)"},
      {"\x01\x02\x03\r\n\r\n", R"(- "-" 400 11B)"},
  };
  for (const auto& sent : cases) {
    CAPTURE(sent.request);
    (void)served.exchange(sent.request, sent.request.starts_with("HEAD"));
    const std::vector<std::string> said = lines.take();
    REQUIRE(said.size() == 1);
    CAPTURE(said[0]);
    CHECK(matches(said[0], sent.line + kTail));
  }
}

TEST_CASE("a request can forge no line") {
  Lines lines;
  h3::App app;
  h3::logger(app, lines.options());
  const ServedApp served(app);
  const std::string_view targets[] = {"/a\"b",     "/a\\b",   "/\x1b[31m", "/\x7f",
                                      "/\xc2\x9b", "/%0aGET", "/a\tb",     "/a\rb"};
  for (const std::string_view target : targets) {
    CAPTURE(target);
    (void)served.exchange(requestText("GET", target));
    for (const std::string& line : lines.take()) {
      CAPTURE(line);
      CHECK(std::count(line.begin(), line.end(), '\n') == 1);
      CHECK(line.back() == '\n');
      CHECK(std::all_of(line.begin(), line.end() - 1, [](char c) { return c >= 0x20 && c < 0x7f; }));
      CHECK(matches(line, R"re([^ ]+ "([^"\\]|\\["\\]|\\x[0-9a-f]{2})*" [0-9]{3} [0-9]+B)re" + kTail));
    }
  }
}

TEST_CASE("a line is bounded, whatever the target") {
  Lines lines;
  h3::App app;
  h3::logger(app, lines.options());
  const ServedApp served(app);
  for (const std::size_t bytes : {3831, 3832, 3833, 3900, 4096, 8000}) {
    CAPTURE(bytes);
    (void)served.get("/" + std::string(bytes - 1, 'a'));
    const std::vector<std::string> said = lines.take();
    REQUIRE(said.size() == 1);
    CHECK(said[0].size() <= h3::kMaxLogLineBytes);
    CHECK(said[0].ends_with(" 127.0.0.1\n"));
    CHECK((said[0].find("...\" 404") == std::string::npos) == (bytes <= 3832));
  }
}

TEST_CASE("the default is standard error") {
  h3::App app;
  h3::logger(app);
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const int kept = ::dup(STDERR_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  {
    const ServedApp served(app);
    (void)served.get("/x");
  }
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  ::close(ends[1]);
  char text[512];
  const ssize_t got = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  REQUIRE(got > 0);
  CHECK(matches(std::string(text, static_cast<std::size_t>(got)), R"(GET "/x" 404 9B)" + kTail));
}

TEST_CASE(
    "a file: written when the server has ended, opened again at a hang-up, and counted when it is too slow") {
  const std::string path = "logger_test.log", rotated = "logger_test.log.1";
  const auto read = [](const std::string& name) {
    std::ifstream file(name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  {
    h3::App app;
    h3::logger(app, {.format = h3::LogFormat::combined, .file = path, .queueBytes = 64 * 1024});
    {
      Client client(app);
      (void)client.get("/one");
    }
    CHECK(read(path).find("\"GET /one HTTP/1.1\" 404 9 ") != std::string::npos);
    REQUIRE(std::rename(path.c_str(), rotated.c_str()) == 0);
    h3::Lifecycle::of(app).hangup();
    Client client(app);
    (void)client.get("/two");
    CHECK(client.monitor().total(h3::Metric::logLinesDropped) == 0);
  }
  CHECK(read(rotated).find("/two") == std::string::npos);
  CHECK(read(path).find("\"GET /two HTTP/1.1\"") != std::string::npos);
  std::remove(path.c_str());
  std::remove(rotated.c_str());
}

TEST_CASE("wrong options of a file are refused at the start") {
  h3::App app;
  Lines lines;
  CHECK_THROWS_AS(h3::logger(app, {.file = "/nonexistent/x.log"}), std::system_error);
  CHECK_THROWS_AS(h3::logger(app, {.file = "x.log", .queueBytes = 64 * 1024 - 1}), std::invalid_argument);
  CHECK_THROWS_AS(h3::logger(app, {.file = "x.log", .queueBytes = 256 * 1024 * 1024 + 1}),
                  std::invalid_argument);
  h3::LoggerOptions both = lines.options();
  both.file = "x.log";
  CHECK_THROWS_AS(h3::logger(app, both), std::invalid_argument);
}
