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

TEST_CASE("growth follows what the server says") {
  const Case cases[] = {
      {"step", "hello leak", "request", "request of step leak"},
      {"every", "hello missing", "request", "request, whatever it asks for"},
      {"connection", "hello closing", "connection", "connection"},
      {"http10", "hello legacy", "request", "HTTP/1.0 request"},
      {"404", "hello missing", "error", "404 answer"},
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

TEST_CASE("a leak that only concurrency brings is told with both counts") {
  TriggerRun run("concurrent", "hello");
  CAPTURE(run.output());
  REQUIRE(run.exitCode() == 1);
  const std::string condition = run.conclusion().at("condition");
  CHECK(condition.find("only when concurrent (0 in 400 alone, ") == 0);
  CHECK(condition.find(" in 400 with 4 connections)") != std::string::npos);
}

TEST_CASE("a leak that only pipelining brings, over one connection and over several") {
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

TEST_CASE("a leak of what the body holds is told per byte") {
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

TEST_CASE("minimize: one curl command for a leak of one request, a scenario for one of an abort") {
  TriggerRun run("body", "hello post leak", {"--no-trigger"});
  REQUIRE(run.exitCode() == 1);
  run.leakgate({"minimize", run.reportFile()});
  CAPTURE(run.output());
  CHECK(run.exitCode() == 0);
  CHECK(run.output().find("1 of 3 steps, 0 of 0 headers, 1 of 10 bytes of body") != std::string::npos);
  CHECK(run.output().find("curl -s -o /dev/null -H 'Content-Type:' --data-raw ") != std::string::npos);
  CHECK(run.output().find(
            "+1.000 blocks, +1 B per request at (anonymous namespace)::leakOne, over 400 requests, exact") !=
        std::string::npos);

  TriggerRun aborts("abort", "hello leave leak", {"--no-trigger"});
  aborts.leakgate({"minimize", aborts.reportFile(), "-o", aborts.file("minimal.json")});
  CAPTURE(aborts.output());
  CHECK(aborts.exitCode() == 0);
  CHECK(aborts.output().find("curl") == std::string::npos);
  const auto minimal = TriggerRun::Json::parse(std::ifstream(aborts.file("minimal.json")));
  REQUIRE(minimal.at("steps").size() == 1);
  CHECK(minimal.at("steps")[0].at("abort") == "after_headers");
  aborts.leakgate({"run", aborts.file("minimal.json"), "--no-trigger"});
  CHECK(aborts.exitCode() == 1);
}

TEST_CASE("minimize prints lines that run as they are, and a scenario that runs from anywhere") {
  TriggerRun run("body", "hello post leak", {"--no-trigger"});
  std::filesystem::create_directory(run.file("sub dir"));
  run.leakgate({"minimize", run.reportFile(), "-o", run.file("sub dir/minimal.json")});
  CAPTURE(run.output());
  REQUIRE(run.exitCode() == 0);
  const std::string start = run.line("start"), request = run.line("request"), replay = run.line("replay");
  CHECK((start + request + replay).find('{') == std::string::npos);
  // curl waits for the server; what it sends is answered.
  const std::string play =
      start + " & server=$!; " + request +
      " --retry 50 --retry-connrefused --retry-delay 1 -f; code=$?; kill $server; exit $code";
  CHECK(::system(play.c_str()) == 0);
  const std::string quiet = " --no-trigger --no-self-audit -o " + run.file("again.json") + " >/dev/null 2>&1";
  CHECK(WEXITSTATUS(::system((replay + quiet).c_str())) == 1);
  const std::string elsewhere = "cd / && " LEAKGATE " run '" + run.file("sub dir/minimal.json") + "'" + quiet;
  CHECK(WEXITSTATUS(::system(elsewhere.c_str())) == 1);
}

TEST_CASE("minimize refuses what it cannot do, and says why") {
  TriggerRun clean("clean", "hello");
  clean.leakgate({"minimize", clean.reportFile()});
  CHECK(clean.exitCode() == 2);
  CHECK(clean.output().find("no finding: nothing leaks") != std::string::npos);
  TriggerRun sick("every", "hello", {"--no-trigger"});
  sick.leakgate({"minimize", sick.reportFile(), "--finding", "2"});
  CHECK(sick.exitCode() == 2);
  sick.leakgate({"minimize", sick.reportFile(), "--target", "no-such-program {port}"});
  CHECK(sick.exitCode() == 2);
  sick.leakgate({"minimize", sick.reportFile(), "--target", TRIGGER_TARGET " {port} clean"});
  CHECK(sick.exitCode() == 3);
  CHECK(sick.output().find("is it fixed in this build?") != std::string::npos);
}
