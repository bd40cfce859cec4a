// The built leakgate repeats what a report says.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "history_fixture.hpp"

using namespace leakgate::test;
using nlohmann::json;

namespace {

// A report of the second commit, which allocates four times per request and leaks a block. The working tree is changed and
// has no server.
struct Reproducing {
  Leakgate leakgate;
  History history{leakgate.folder / "repository", {{3}, {.allocations = 4, .leaks = true}}};
  std::string report = (leakgate.folder / "report.json").string();

  Reproducing() {
    leakgate.directory = history.buildBeside(2, "built");
    REQUIRE(leakgate.run({"run", history.scenario(), "--no-trigger", "-o", report}) == 1);
    setCommit(history.hashOf(2));
    leakgate.directory = history.folder();
  }

  // As if it had been measured in a clean checkout.
  void setCommit(const std::string& hash) const {
    json changed = json::parse(contentOf(report));
    changed["environment"]["commit"] = hash;
    std::ofstream(report) << changed.dump();
  }

  json repro(Words options, int expected) {
    options.insert(options.begin(), {"repro", report, "--json"});
    const int status = leakgate.run(options);
    CAPTURE(leakgate.err);
    CHECK(status == expected);
    REQUIRE_FALSE(leakgate.out.empty());
    return json::parse(leakgate.out);
  }
};

}  // namespace

TEST_CASE("repro: the report's commit, built in a worktree, gives the same counts and finding") {
  Reproducing one;
  const std::string before = one.history.state();
  const json same = one.repro({"--build", kBuild}, 0);
  CHECK(same.at("same") == true);
  CHECK(same.at("findings") == 1);
  CHECK(same.at("counts").get<int>() > 0);
  CHECK(same.at("differences").empty());
  CHECK(one.history.state() == before);
  CHECK(one.leakgate.leftNothing());
  CHECK(one.leakgate.run({"repro", one.report, "--build", kBuild}) == 0);
  CHECK(one.leakgate.out.starts_with("SAME  history: "));
}

TEST_CASE("repro: what differs is named, and why it may") {
  Reproducing one;
  one.leakgate.directory = one.history.buildBeside(1, "other");
  const json differs = one.repro({}, 1);
  CHECK(differs.at("same") == false);
  CHECK(differs.at("differences").dump().find("allocations_per_request") != std::string::npos);
  CHECK(differs.at("differences").dump().find("keep") != std::string::npos);  // the leak is not there
  CHECK(differs.at("causes").dump().find("program") != std::string::npos);
}

TEST_CASE("repro: a commit that is not there, none, and one that does not build") {
  Reproducing one;
  CHECK(one.leakgate.run({"repro", one.report, "--build", "false"}) == 3);
  CHECK(one.leakgate.err.find("false ended with exit code 1") != std::string::npos);
  one.setCommit("0123456789012345678901234567890123456789");
  CHECK(one.leakgate.run({"repro", one.report, "--build", kBuild}) == 2);
  CHECK(one.leakgate.err.find("environment.commit") != std::string::npos);
  one.setCommit("");
  CHECK(one.leakgate.run({"repro", one.report, "--build", kBuild}) == 2);
  CHECK(one.leakgate.err.find("leave out --build") != std::string::npos);
  CHECK(one.leakgate.leftNothing());
}
