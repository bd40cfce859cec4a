#include "cli/curl_command.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "scenario/request_stream.hpp"

using namespace leakgate;

namespace {

Scenario oneStep(const Step& step) {
  Scenario scenario;
  scenario.load.connections = 1;
  scenario.steps = {step};
  return scenario;
}

// Responds to every request with 200 and keeps the requests, in its own thread.
class RecordingServer {
 public:
  RecordingServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  std::uint16_t port() const { return port_; }

  /// Requests by connection, without the fields that are curl's own.
  std::vector<std::vector<std::string>> finish() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    return std::move(seen_);
  }

 private:
  void serve() {
    for (int fd = 0; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; ::close(fd)) {
      seen_.emplace_back();
      std::string input;
      char bytes[4096];
      for (ssize_t got = 0; (got = ::recv(fd, bytes, sizeof bytes, 0)) > 0;) {
        input.append(bytes, static_cast<std::size_t>(got));
        while (takeRequest(input)) {
          constexpr std::string_view kResponse = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
          [[maybe_unused]] const auto sent = ::send(fd, kResponse.data(), kResponse.size(), MSG_NOSIGNAL);
        }
      }
    }
  }

  bool takeRequest(std::string& input) {
    const auto end = input.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const auto at = input.find("Content-Length: ");
    const std::size_t length = at < end ? std::strtoul(input.c_str() + at + 16, nullptr, 10) : 0;
    if (input.size() < end + 4 + length) return false;
    std::string request = input.substr(0, end + 4 + length);
    for (const char* own : {"User-Agent: curl", "Accept: */*\r\n"}) {
      const auto line = request.find(own);
      if (line != std::string::npos) request.erase(line, request.find('\n', line) + 1 - line);
    }
    seen_.back().push_back(request);
    input.erase(0, end + 4 + length);
    return true;
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::vector<std::vector<std::string>> seen_;
  std::thread thread_;
};

std::string curl(const Step& step) { return curlCommand(oneStep(step), 8080).value_or("-"); }

}  // namespace

TEST_CASE("requests that curl can send") {
  Step step;
  step.path = "/a?b=1&c=2";
  CHECK(curl(step) == "curl -s -o /dev/null 'http://127.0.0.1:8080/a?b=1&c=2'");
  step.version = "1.0";
  step.method = "HEAD";
  CHECK(curl(step) == "curl -s -o /dev/null -I --http1.0 'http://127.0.0.1:8080/a?b=1&c=2'");
  step = Step{};
  step.method = "POST";
  step.path = "/login";
  CHECK(curl(step) == "curl -s -o /dev/null -X POST -H 'Content-Length: 0' http://127.0.0.1:8080/login");
  step.body = "it's";
  CHECK(curl(step) ==
        "curl -s -o /dev/null -H 'Content-Type:' --data-raw 'it'\\''s' http://127.0.0.1:8080/login");
  step.headers = {{"content-type", "text/plain"}};
  CHECK(
      curl(step) ==
      "curl -s -o /dev/null -H 'content-type: text/plain' --data-raw 'it'\\''s' http://127.0.0.1:8080/login");
  step = Step{};
  step.path = "/a/../b";
  CHECK(curl(step).find("--path-as-is") != std::string::npos);
  step.path = "/x/{{i}}";
  CHECK(curl(step) == "curl -s -o /dev/null --globoff http://127.0.0.1:8080/x/{i}");
  step.path = "/x/{fill:3}";
  CHECK(curl(step) == "curl -s -o /dev/null http://127.0.0.1:8080/x/xxx");
}

TEST_CASE("options for the connection are included") {
  Scenario closing = oneStep(Step{});
  closing.load.keepAlive = false;
  CHECK(curlCommand(closing, 80) == "curl -s -o /dev/null -H 'Connection: close' http://127.0.0.1:80/");
  closing.steps[0].headers = {{"connection", "close"}};
  CHECK(curlCommand(closing, 80) == "curl -s -o /dev/null -H 'connection: close' http://127.0.0.1:80/");
  Scenario one = oneStep(Step{});
  one.steps[0].keepAlive = false;
  CHECK(curlCommand(one, 80) == "curl -s -o /dev/null -H 'Connection: close' http://127.0.0.1:80/");
  CHECK(curlCommand(oneStep(Step{}), 80, 2) ==
        "curl -s -o /dev/null -o /dev/null http://127.0.0.1:80/ http://127.0.0.1:80/");
  CHECK_FALSE(curlCommand(oneStep(Step{}), 80, 0).has_value());
}

TEST_CASE("the server gets what the replay sends") {
  if (std::system("command -v curl >/dev/null") != 0) {
    MESSAGE("skipped: there is no curl on this machine");
    return;
  }
  Step empty, post, put, head, odd, old, fragment;
  empty.headers = {{"X-Empty", ""}, {"X-Full", "it's; a: b"}};
  post.method = "POST", post.path = "/a?b={{i}}&c=[1]", post.body = "it's\n\"@x\"";
  post.headers = {{"Content-Type", "text/plain"}};
  put.method = "PUT";
  head.method = "HEAD", head.path = "/a/../b";
  odd.method = "OPTIONS", odd.path = "*";
  old.version = "1.0";
  fragment.path = "/a#b";
  struct Case {
    Step step;
    bool keepAlive;
    unsigned requests;
  };
  const Case cases[] = {{empty, true, 1}, {empty, false, 1},   {post, true, 2},
                        {post, false, 1}, {put, true, 3},      {head, true, 1},
                        {odd, true, 1},   {fragment, true, 2}, {old, true, 1}};
  for (const auto& [step, keepAlive, requests] : cases) {
    Scenario scenario = oneStep(step);
    scenario.load.keepAlive = keepAlive;
    RecordingServer server;
    const auto command = curlCommand(scenario, server.port(), requests);
    REQUIRE(command.has_value());
    CAPTURE(*command);
    CHECK(std::system(command->c_str()) == 0);
    std::string sent;
    RequestStream(scenario, "127.0.0.1:" + std::to_string(server.port())).render(0, sent);
    const auto empties = sent.find("X-Empty: \r\n");
    if (empties != std::string::npos) sent.replace(empties, 11, "X-Empty:\r\n");
    const auto seen = server.finish();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0] == std::vector<std::string>(requests, sent));
  }
}

TEST_CASE("requests that curl cannot send") {
  const auto refused = [](const auto& change) {
    Scenario scenario = oneStep(Step{});
    change(scenario);
    return !curlCommand(scenario, 8080).has_value();
  };
  CHECK_FALSE(refused([](Scenario&) {}));
  CHECK(refused([](Scenario& s) { s.load.connections = 2; }));
  CHECK(refused([](Scenario& s) { s.steps[0].method = "HEAD", s.steps[0].body = "x"; }));
  CHECK(refused([](Scenario& s) { s.steps[0].body = std::string(200'000, 'x'); }));
  CHECK(refused([](Scenario& s) { s.steps.push_back(Step{}); }));
  CHECK(refused([](Scenario& s) { s.steps[0].raw = "x"; }));
  CHECK(refused([](Scenario& s) { s.steps[0].abort = AbortPoint::midBody; }));
  CHECK(refused([](Scenario& s) { s.steps[0].path = "/user/{i}"; }));
  CHECK(refused([](Scenario& s) { s.steps[0].headers = {{"X", "{rand:9}"}}; }));
  CHECK(refused([](Scenario& s) { s.steps[0].body = std::string("a\0b", 3); }));
}
