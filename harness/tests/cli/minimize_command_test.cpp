// The built leakgate, end to end.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "trigger_run.hpp"

using leakgate::TriggerRun;

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
  // curl waits for the server; what it sends gets a response.
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
