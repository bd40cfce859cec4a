// The built leakgate as CI runs it: gate and accept.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "leakgate_process.hpp"

using namespace leakgate::test;
using nlohmann::json;

TEST_CASE("gate and accept: the first baselines, then a comparison with them") {
  Leakgate leakgate;
  const auto scenarios = leakgate.folder / "scenarios";
  fs::create_directory(scenarios);
  json scenario = json::parse(contentOf(kJournal));
  scenario["target"]["command"][0] = "{bin}/specimen-vector-growth-clean";
  std::ofstream(scenarios / "journal.json") << scenario;
  const std::string baselines = leakgate.folder / "baselines";
  const std::string reports = leakgate.folder / "latest";
  const Words gate{"gate", "--scenarios", scenarios, "--baselines", baselines, "--reports", reports};

  CHECK(leakgate.run(gate) == 0);  // the folder need not be there: accept makes it
  CHECK(leakgate.out.find("1 of 1 scenarios have no baseline yet") != std::string::npos);
  CHECK(leakgate.err.find("specimen_journal: pass") != std::string::npos);
  CHECK(leakgate.run({"accept", "--all", "--reports", reports, "--baselines", baselines}) == 0);
  CHECK(leakgate.run(gate) == 0);
  CHECK(leakgate.out.find("no baseline") == std::string::npos);

  scenario["load"]["seed"] = 8;
  std::ofstream(scenarios / "journal.json") << scenario;
  CHECK(leakgate.run(gate) == 2);
  CHECK(leakgate.out.find("leakgate accept specimen_journal") != std::string::npos);
}

TEST_CASE(
    "gate and accept: a service whose counts vary passes unchanged, and fails with one allocation more") {
  Leakgate leakgate;
  const auto scenarios = leakgate.folder / "scenarios";
  fs::create_directory(scenarios);
  const std::string baselines = leakgate.folder / "baselines";
  const std::string reports = leakgate.folder / "latest";
  const auto server = leakgate.folder / "server";
  const auto serve = [&](const std::string& environment) {
    std::ofstream(server) << "#!/bin/sh\n"
                          << environment << " exec " BIN "/specimen-batching-pool-clean \"$@\"\n";
    fs::permissions(server, fs::perms::owner_all);
  };
  json scenario = json::parse(contentOf(SCENARIOS "/rare.json"));
  scenario["target"]["command"] = {server.string(), "--port", "{port}", "--threads", "4"};
  std::ofstream(scenarios / "rare.json") << scenario;
  const Words gate{"gate", "--scenarios", scenarios, "--baselines", baselines, "--reports", reports};

  serve("");
  CHECK(leakgate.run(gate) == 0);
  CHECK(leakgate.run({"accept", "--all", "--reports", reports, "--baselines", baselines}) == 0);
  CHECK(leakgate.out.find("allocations_per_request varies: ") != std::string::npos);
  CHECK(leakgate.out.find(" blocks in 6 runs") != std::string::npos);
  for (int i = 0; i < 3; ++i) CHECK(leakgate.run(gate) == 0);
  serve("SPECIMEN_EXTRA=1");
  CHECK(leakgate.run(gate) == 1);
  CHECK(leakgate.out.find("WORSE  steady_allocations_per_request is ") != std::string::npos);
  CHECK(leakgate.out.find("(in each of 5 runs)") != std::string::npos);
}
