// trigger_phase.cpp, experiment_session.cpp, probe.cpp, inference.cpp and sentence.cpp.
// What experiments conclude about a server whose leak follows one thing: the built leakgate, end to end.
#include <doctest/doctest.h>

#include <future>
#include <memory>

#include "trigger_run.hpp"

using leakgate::TriggerRun;

namespace {

struct Case {
  const char* mode;
  const char* steps;  ///< names in TriggerRun::steps
  const char* follows;
  const char* event;
};

}  // namespace

TEST_CASE("growth follows the server's mode") {
  const Case cases[] = {
      {"step", "hello leak", "request", "request of step leak"},
      {"every", "hello missing", "request", "request, whatever it asks for"},
      {"connection", "hello closing", "connection", "connection"},
      {"http10", "hello legacy", "request", "HTTP/1.0 request"},
      {"404", "hello missing", "error", "404 response"},
      {"malformed", "hello garbage", "error", "malformed request"},
      {"options", "hello options", "request", "OPTIONS request"},
      {"abort", "hello leave", "disconnect", "abort after the headers"},
      {"thread", "hello spawn", "thread", "thread"},
  };
  // Side by side: they mostly wait for their targets to stand still.
  std::vector<std::future<std::unique_ptr<TriggerRun>>> runs;
  for (const auto& [mode, steps, follows, event] : cases) {
    runs.push_back(std::async(std::launch::async, [m = std::string(mode), s = std::string(steps)] {
      return std::make_unique<TriggerRun>(m, s);
    }));
  }
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const auto& [mode, steps, follows, event] = cases[k];
    CAPTURE(mode);
    const auto done = runs[k].get();
    const TriggerRun& run = *done;
    CAPTURE(run.output());
    REQUIRE(run.exitCode() == 1);
    const auto conclusion = run.conclusion();
    CHECK(conclusion.at("follows") == std::string(follows));
    CHECK(conclusion.at("event") == std::string(event));
    CHECK(conclusion.at("blocks_per_event") == 1);
    CHECK(conclusion.at("bytes_per_event") == 40);
    CHECK(conclusion.at("exact") == true);
    CHECK(conclusion.at("condition") == "");
  }
}

TEST_CASE("a leak that needs concurrency is reported with both counts") {
  TriggerRun run("concurrent", "hello");
  CAPTURE(run.output());
  REQUIRE(run.exitCode() == 1);
  const std::string condition = run.conclusion().at("condition");
  CHECK(condition.find("only when concurrent (0 in 400 alone, ") == 0);
  CHECK(condition.find(" in 400 with 4 connections)") != std::string::npos);
}

TEST_CASE("a leak that needs pipelining, over one connection and over several") {
  for (const int connections : {1, 8}) {
    TriggerRun run("pipelined", "hello", {},
                   {{"pipeline", 4}, {"connections", connections}, {"requests", 8000}});
    CAPTURE(run.output());
    REQUIRE(run.exitCode() == 1);
    const std::string condition = run.conclusion().at("condition");
    CHECK(condition.find("only when pipelined (0 in 400 with one request in flight, ") == 0);
    CHECK(condition.find("concurrent") == std::string::npos);
  }
  CHECK(TriggerRun("pipelined", "hello", {}, {{"requests", 8000}}).exitCode() == 0);
}

TEST_CASE("a leak from the second request of a connection on, and one with a header field") {
  TriggerRun later("later", "hello");
  REQUIRE(later.exitCode() == 1);
  CHECK(later.conclusion().at("condition") ==
        "only from the second request of a connection on (0 in 400 with one request a connection, 200 in 400 "
        "with two, 400 in 400 kept open)");
  TriggerRun field("field", "hello browse");
  REQUIRE(field.exitCode() == 1);
  CHECK(field.conclusion().at("event") == "request with the field accept-encoding");
}

TEST_CASE("a leak of the body is reported per byte") {
  TriggerRun run("body", "hello post");
  REQUIRE(run.exitCode() == 1);
  CHECK(run.conclusion().at("bytes_per_body_byte") == 1);
  CHECK(run.output().find("+1 B per byte of body") != std::string::npos);
}

TEST_CASE("a block that realloc enlarges is measured in bytes") {
  TriggerRun run("realloc", "hello leak");
  REQUIRE(run.exitCode() == 1);
  CHECK(run.conclusion().at("event") == "request of step leak");
  CHECK(run.conclusion().at("blocks_per_event") == 0);
  CHECK(run.conclusion().at("bytes_per_event") == 16);
}

TEST_CASE("a rare leak gets longer experiments") {
  TriggerRun run("rare", "hello", {"--requests", "16000"});
  REQUIRE(run.exitCode() == 1);
  CHECK(run.conclusion().at("blocks_per_event") == doctest::Approx(0.001));
}

TEST_CASE("--no-trigger leaves it out, and a clean target has none") {
  CHECK(TriggerRun("step", "hello leak", {"--no-trigger"}).report().at("trigger").is_null());
  TriggerRun clean("clean", "hello leak");
  CHECK(clean.exitCode() == 0);
  CHECK(clean.report().at("trigger").is_null());
}

TEST_CASE("the printed lines leak: by Connection: close, by the second request of a connection") {
  if (::system("command -v curl >/dev/null") != 0) {
    MESSAGE("skipped: there is no curl on this machine");
    return;
  }
  struct Case {
    const char* mode;
    TriggerRun::Json load;
    const char* curl;
  };
  const Case cases[] = {
      {"every", TriggerRun::Json::object(), "curl -s -o /dev/null http"},
      {"closing", {{"keep_alive", false}}, "curl -s -o /dev/null -H 'Connection: close' http"},
      {"later", TriggerRun::Json::object(), "curl -s -o /dev/null -o /dev/null http"},
      {"second", {{"requests_per_connection", 5}}, "curl -s -o /dev/null -o /dev/null http"}};
  for (const auto& [mode, load, curl] : cases) {
    CAPTURE(mode);
    TriggerRun run(mode, "hello", {"--no-trigger"}, load);
    run.leakgate({"minimize", run.reportFile()});
    CAPTURE(run.output());
    REQUIRE(run.exitCode() == 0);
    const std::string start = run.line("start"), request = run.line("request");
    CHECK(request.starts_with(curl));
    const std::string play = start + " >" + run.file("leaks") + " & server=$!; " + request +
                             " --retry 50 --retry-connrefused --retry-delay 1 -f; kill $server; wait";
    CHECK(::system(play.c_str()) == 0);
    std::string said;
    std::getline(std::ifstream(run.file("leaks")) >> std::ws, said);
    CHECK(said == "leaked 1");
  }
}
