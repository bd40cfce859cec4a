// The built `leakgate serve`: site_server.cpp and cli/serve_command.cpp.
#include <doctest/doctest.h>
#include <signal.h>

#include <thread>

#include "cli/leakgate_process.hpp"
#include "history/history_store.hpp"
#include "history/sample_runs.hpp"
#include "http_exchange.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// A history of three runs, and leakgate serving it until the test ends.
class Served {
 public:
  explicit Served(const Words& options = {"--port", "0"}) {
    leakgate_.directory = leakgate_.folder;
    HistoryStore store(openDatabase(leakgate_.folder / "history.db", Missing::create, {}));
    for (std::size_t i = 0; i < 3; ++i) store.add(sampleRun(i));
    Words words{"serve", "--history", "history.db"};
    words.insert(words.end(), options.begin(), options.end());
    leakgate_.start(words);
  }
  ~Served() {
    if (!ended_) end(SIGKILL);
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  /// Waits until it has printed its address.
  std::uint16_t port() {
    while (port_ == 0) {
      const std::string out = contentOf(leakgate_.folder / "out");
      const auto at = out.rfind(':');
      if (has(out, "\n")) port_ = static_cast<std::uint16_t>(std::stoi(out.substr(at + 1)));
      ended_ = ::waitpid(leakgate_.pid, nullptr, WNOHANG) != 0;
      REQUIRE_FALSE(ended_);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return port_;
  }

  std::string ask(const std::string& method, const std::string& target, const std::string& fields = "",
                  const std::string& host = "127.0.0.1") {
    return exchanged(port(), method + " " + target + " HTTP/1.1\r\nHost: " + host +
                                 "\r\nConnection: close\r\n" + fields + "\r\n");
  }
  std::string get(const std::string& target, const std::string& fields = "") {
    return ask("GET", target, fields);
  }

  int end(int signal) {
    ended_ = true;
    ::kill(leakgate_.pid, signal);
    return leakgate_.wait();
  }

  Leakgate& leakgate() { return leakgate_; }

 private:
  Leakgate leakgate_;
  std::uint16_t port_ = 0;
  bool ended_ = false;
};

}  // namespace

TEST_CASE("serve: pages, style, scripts and documents are there") {
  Served served;
  for (const char* target : {"/", "/trend?scenario=login", "/trend?scenario=login&series=cpu",
                             "/run?id=", "/diff?before=", "/style.css", "/script.js", "/watch.js",
                             "/api/state", "/api/runs", "/api/trend?scenario=login", "/api/reports"}) {
    CAPTURE(target);
    std::string asked = target;
    if (has(asked, "id=")) asked += sampleRun(0).identity;
    if (has(asked, "before=")) asked += sampleRun(0).identity + "&after=" + sampleRun(2).identity;
    const std::string response = served.get(asked);
    CHECK(statusOf(response) == "HTTP/1.1 200 OK");
    CHECK(fieldOf(response, "Content-Length") == std::to_string(bodyOf(response).size()));
    CHECK(has(fieldOf(response, "Content-Security-Policy"),
              "default-src 'none'; style-src 'self'; script-src 'self'"));
    CHECK(fieldOf(response, "X-Content-Type-Options") == "nosniff");
    CHECK(fieldOf(response, "X-Frame-Options") == "DENY");
    CHECK(fieldOf(response, "Cross-Origin-Resource-Policy") == "same-origin");
  }
  CHECK(bodyOf(served.ask("HEAD", "/")) == "");
}

TEST_CASE("serve: what is not there is a 404 that says what") {
  Served served;
  const std::string page = served.get("/trend?scenario=logon");
  CHECK(statusOf(page) == "HTTP/1.1 404 Not Found");
  CHECK(has(page, "no run of &quot;logon&quot;, expected a scenario of this history; did you mean"));
  const std::string document = served.get("/api/run?id=x");
  CHECK(statusOf(document) == "HTTP/1.1 404 Not Found");
  CHECK(fieldOf(document, "Content-Type") == "application/json");
  CHECK(statusOf(served.get("/../history.db")) == "HTTP/1.1 404 Not Found");
  CHECK(statusOf(served.get("/history.db")) == "HTTP/1.1 404 Not Found");
}

TEST_CASE("serve: what has not changed is not sent again") {
  Served served;
  const std::string tag = fieldOf(served.get("/api/state"), "ETag");
  REQUIRE(tag.size() == 18);
  const std::string same = served.get("/api/state", "If-None-Match: " + tag + "\r\n");
  CHECK(statusOf(same) == "HTTP/1.1 304 Not Modified");
  HistoryStore(openDatabase(served.leakgate().folder / "history.db", Missing::refuse, {})).add(sampleRun(3));
  CHECK(statusOf(served.get("/api/state", "If-None-Match: " + tag + "\r\n")) == "HTTP/1.1 200 OK");
  CHECK(has(served.get("/"), "4 runs of 1 scenario"));
}

TEST_CASE("serve: only this machine's names are served, and nothing is written") {
  Served served;
  for (const char* host : {"rebound.example", "rebound.example:80", "127.0.0.1.example"}) {
    CAPTURE(host);
    for (const char* target : {"/", "/api/runs", "/style.css", "/none"})
      CHECK(statusOf(served.ask("GET", target, "", host)) == "HTTP/1.1 421 Misdirected Request");
  }
  CHECK(statusOf(served.ask("GET", "/", "", "localhost:" + std::to_string(served.port()))) ==
        "HTTP/1.1 200 OK");
  CHECK(statusOf(served.ask("GET", "http://rebound.example/")) == "HTTP/1.1 421 Misdirected Request");
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    CAPTURE(method);
    for (const char* target : {"/", "/api/runs"})
      CHECK(statusOf(served.ask(method, target)) == "HTTP/1.1 405 Method Not Allowed");
  }
  CHECK(has(served.get("/"), "3 runs of 1 scenario"));
}

TEST_CASE("serve: it ends by a signal, with exit code 0, and leaves nothing") {
  for (const int signal : {SIGINT, SIGTERM}) {
    CAPTURE(signal);
    Served served;
    const std::string address = "http://127.0.0.1:" + std::to_string(served.port()) + "/\n";
    CHECK(served.end(signal) == 0);
    CHECK(served.leakgate().out == address);
    CHECK(has(served.leakgate().err, "Ctrl-C ends it"));
    CHECK(served.leakgate().leftNothing());
  }
}

TEST_CASE("serve: a history, a folder or a port that cannot be had is named") {
  Leakgate leakgate;
  leakgate.directory = leakgate.folder;
  CHECK(leakgate.run({"serve", "--port", "0"}) == 2);
  CHECK(has(leakgate.err,
            "reports/history.db: found no such file, expected a history; make it with leakgate history add"));
  CHECK(leakgate.run({"serve", "--port", "65536"}) == 2);
  CHECK(leakgate.run({"serve", "--reports", "none"}) == 2);
  CHECK(has(leakgate.err, "none"));

  Served first;
  const std::string port = std::to_string(first.port());
  Served second({"--port", port});
  CHECK(second.end(0) == 2);
  CHECK(has(second.leakgate().err,
            "--port: found " + port + " (Address already in use), expected a free port"));
}
