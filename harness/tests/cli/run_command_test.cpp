// The built leakgate as a user runs it, from the target's start to the exit code.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "leakgate_process.hpp"

using namespace leakgate::test;
using nlohmann::json;

TEST_CASE("run: a clean target, a sick one, and what the two reports differ in") {
  Leakgate leakgate;
  const std::string clean = leakgate.folder / "clean.json";
  const std::string sick = leakgate.folder / "sick.json";
  CHECK(leakgate.run({"run", kLogin, "--target", kCleanLogin, "-o", clean}) == 0);
  CHECK(leakgate.out.find("PASS  specimen_login_and_users\n") == 0);
  CHECK(leakgate.run({"run", kLogin, "-o", sick}) == 1);
  CHECK(leakgate.out.find("LEAK  specimen::Event::setContext") != std::string::npos);
  CHECK(json::parse(contentOf(sick))["verdict"]["outcome"] == "fail");
  CHECK(leakgate.run({"diff", clean, sick}) == 1);  // the same requests to another target
  CHECK(leakgate.out.find("new     LEAK  specimen::Event::setContext") != std::string::npos);
  CHECK(leakgate.leftNothing());
}

TEST_CASE("run: leakgate that is replaced while it runs is still called by its path") {
  Leakgate leakgate;
  for (const char* folder : {"bin", "lib"}) fs::create_directory(leakgate.folder / folder);
  leakgate.program = leakgate.folder / "bin/leakgate";
  fs::copy_file(LEAKGATE, leakgate.program);
  fs::copy_file(SHIM, leakgate.folder / "lib/libleakgate_shim.so");
  const std::string replacing =
      "sh -c 'rm -f " + leakgate.program + " && exec " BIN "/specimen-audit-leak-clean --port {port}'";
  const std::string results = leakgate.folder / "results.xml";
  CHECK(leakgate.run({"run", kLogin, "--target", replacing, "--format", "junit=" + results}) == 0);
  CAPTURE(leakgate.err);
  CHECK_FALSE(fs::exists(leakgate.program));
  CHECK(contentOf(results).find(leakgate.program + " gate") != std::string::npos);
}

TEST_CASE("run: two runs have the same exact metrics, byte for byte") {
  Leakgate leakgate;
  const auto exactMetrics = [&] {
    const std::string file = leakgate.folder / "r.json";
    CHECK(leakgate.run({"run", kLogin, "--target", kCleanLogin, "-o", file}) == 0);
    std::string exact;
    const json report = json::parse(contentOf(file));
    for (const auto& metric : report.at("metrics")) {
      if (metric["kind"] == "exact") exact += metric.dump() + "\n";
    }
    return exact;
  };
  const std::string first = exactMetrics();
  CHECK(first.find("live_bytes_growth") != std::string::npos);
  CHECK(exactMetrics() == first);
}

TEST_CASE("run: the report has the cost of the shim, and that two runs have the same counts") {
  Leakgate leakgate;
  leakgate.selfAudit = true;
  CHECK(leakgate.run({"run", kLogin, "--target", kCleanLogin, "--json"}) == 0);
  const json cost = json::parse(leakgate.out)["self_audit"]["cost"];
  CHECK(cost["pairs"] == 5);
  CHECK(cost["repeatable"] == true);
  CHECK(cost["cpu_ratio"] > 0.5);
  CHECK(cost["cpu_ratio"] < 5);
}

TEST_CASE("run: known leaks from a suppressions file fail nothing, and stay in the report") {
  Leakgate leakgate;
  const std::string rules = leakgate.folder / "our.supp";
  std::ofstream(rules) << "leak:specimen::Event::set*\nleak:never\n";
  CHECK(leakgate.run({"run", kLogin, "--json", "--suppressions", rules}) == 0);
  const json report = json::parse(leakgate.out);
  CHECK(report["suppressed"].size() == 2);
  CHECK(report["suppressions"][0]["findings"] == 2);
  CHECK(report["verdict"]["notes"].dump().find("leak:never has matched nothing") != std::string::npos);
}

TEST_CASE("run: what grew is replayed with stacks, and keeps its identity") {
  Leakgate leakgate;
  const std::string file = leakgate.folder / "r.json";
  const auto findingsAt = [&](const std::string& depth) {
    CHECK(leakgate.run({"run", kLogin, "--requests", "800", "--depth", depth, "-o", file}) == 1);
    return json::parse(contentOf(file))["findings"];
  };
  const json escalated = findingsAt("auto");
  CHECK(leakgate.err.find("grew, replaying with stacks") != std::string::npos);
  CHECK(leakgate.out.find("=> specimen::Event::setContext") != std::string::npos);
  CHECK(leakgate.out.find("specimen::runServer") != std::string::npos);
  CHECK(leakgate.out.find("2 of 2 findings grew again when replayed with stacks") != std::string::npos);
  const json run = json::parse(contentOf(file))["run"];
  CHECK(run["depth"] == "sites");
  CHECK(run["escalated"] == true);
  const json sites = findingsAt("sites");
  CHECK(leakgate.err.find("replaying") == std::string::npos);
  const json stacks = findingsAt("stacks");
  CHECK(leakgate.err.find("replaying") == std::string::npos);
  REQUIRE(escalated.size() == 2);
  REQUIRE(sites.size() == 2);
  REQUIRE(stacks.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(escalated[i]["fingerprint"] == sites[i]["fingerprint"]);
    CHECK(stacks[i]["fingerprint"] == sites[i]["fingerprint"]);
    CHECK(escalated[i]["confirmed"] == "yes");
    CHECK(escalated[i]["stack"] == stacks[i]["stack"]);
    CHECK(escalated[i]["stack"].size() > sites[i]["stack"].size());
    CHECK(sites[i]["stacks"].empty());
  }
}

TEST_CASE("run: a target that does not grow again, or does not start again, keeps its finding") {
  Leakgate leakgate;
  const std::string file = leakgate.folder / "r.json";
  const auto script = (leakgate.folder / "server").string();
  const auto runWithSecond = [&](const std::string& second) {
    fs::remove(leakgate.folder / "once");
    std::ofstream(script) << "#!/bin/sh\ncd " << leakgate.folder << "\n[ -e once ] && exec " << second
                          << " \"$@\"\n: > once\nexec " << BIN << "/specimen-audit-leak \"$@\"\n";
    fs::permissions(script, fs::perms::owner_all);
    CHECK(leakgate.run(
              {"run", kLogin, "--requests", "800", "--target", script + " --port {port}", "-o", file}) == 1);
    return json::parse(contentOf(file));
  };
  const json clean = runWithSecond(BIN "/specimen-audit-leak-clean");
  REQUIRE(clean["findings"].size() == 2);
  CHECK(clean["findings"][0]["confirmed"] == "no");
  CHECK(clean["findings"][0]["stacks"].empty());
  CHECK(
      clean["run"]["escalation"] ==
      "0 of 2 findings grew again when replayed with stacks; what did not stands on the first replay alone");
  const json failed = runWithSecond("/bin/false");
  REQUIRE(failed["findings"].size() == 2);
  CHECK(failed["run"]["escalated"] == false);
  CHECK(failed["findings"][0]["confirmed"] == "not asked");
  CHECK(failed["run"]["escalation"].get<std::string>().find("the replay with stacks failed: ") == 0);
}

TEST_CASE("run: the depths and the options") {
  Leakgate leakgate;
  CHECK(leakgate.run({"run", kLogin, "--depth", "count", "--requests", "800", "--seed", "3", "--json"}) == 1);
  const json counted = json::parse(leakgate.out);
  REQUIRE(counted["findings"].size() == 1);
  CHECK(counted["findings"][0]["place"]["function"] == "");
  CHECK(counted["scenario"]["content"]["load"]["requests"] == 800);
  CHECK(counted["reproduce"].get<std::string>().find("--seed 3 --depth count") != std::string::npos);
  CHECK(leakgate.run({"run", kLogin, "--depth", "none", "--requests", "800", "--quiet"}) == 0);
  CHECK(leakgate.out.empty());
  CHECK(leakgate.err.empty());
}

TEST_CASE("run: without the shim the report says that only times were measured") {
  Leakgate leakgate;
  CHECK(leakgate.run({"run", kLogin, "--depth", "none", "--requests", "800"}) == 0);
  CHECK(leakgate.out.find("TIMES ONLY  specimen_login_and_users\n") == 0);
  CHECK(leakgate.out.find("PASS") == std::string::npos);
}

TEST_CASE("under a path with a blank and a colon") {
  Leakgate leakgate;
  const fs::path root = leakgate.folder / "a b:c";
  fs::create_directories(root / "bin");
  fs::create_directories(root / "lib");
  fs::copy(LEAKGATE, root / "bin");
  fs::copy(SHIM, root / "lib");
  const std::string command = "'" + (root / "bin" / "leakgate").string() + "' run '" + kLogin +
                              "' --requests 800 --no-self-audit --no-trigger --target '" BIN
                              "/specimen-audit-leak --port {port}' > /dev/null";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
}
