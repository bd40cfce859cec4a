#include "cli/gate_summary.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "report/atomic_file.hpp"
#include "report/sample_report.hpp"
#include "report/schema_error.hpp"
#include "scenario/input_error.hpp"
#include "session/fake_gate.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

TEST_CASE("a shard, and what is none") {
  CHECK(shardOf("2/4")->index == 2);
  CHECK(shardOf("2/4")->count == 4);
  for (const char* text :
       {"", "2", "/", "2/", "/4", "0/4", "5/4", "-1/4", "2/4x", "2/4/4", "2/1001", " 2/4"}) {
    CAPTURE(text);
    CHECK_FALSE(shardOf(text));
    CHECK(checkShard(text).starts_with("found \""));
  }
}

TEST_CASE("shards take each scenario once, whatever their number") {
  for (unsigned count = 1; count <= 7; ++count) {
    for (std::size_t scenario = 0; scenario < 22; ++scenario) {
      unsigned taken = 0;
      for (unsigned index = 1; index <= count; ++index) taken += Shard{index, count}.has(scenario) ? 1 : 0;
      CHECK(taken == 1);
    }
  }
}

TEST_CASE("the gate's report reads back") {
  FakeGate gate;
  gate.add("clean", cleanReport);
  gate.add("leaky", [] { return leakyReport(); });
  GateSummary summary = summaryOf(gate.run(), "leakgate gate");
  summary.commit = "c0ffee";
  summary.shard = {2, 3};
  summary.planned = "0123456789abcdef";
  const auto file = gate.workspace.file("gate.json");
  writeAtomically(file, toText(summary));
  const GateSummary read = readGateSummary(file);
  CHECK(toText(read) == toText(summary));
  CHECK(read.reasons == summary.reasons);
  CHECK(read.exitCode == 1);
  CHECK(read.scenarios[1].failures.size() == 1);
  CHECK(read.file == file.string());
  CHECK(errorIn(nlohmann::json::parse(toText(summary)), "gate-1.schema.json") == "");
  summary.shard.index = 0;
  CHECK(errorIn(nlohmann::json::parse(toText(summary)), "gate-1.schema.json") != "");
}

TEST_CASE("a file that is no report of a gate is named") {
  const Workspace workspace;
  const auto file = workspace.file("gate.json");
  for (const char* content :
       {"", "[]", R"({"schema": "leakgate.gate/2"})", R"({"schema": "leakgate.gate/1"})"}) {
    CAPTURE(content);
    writeAtomically(file, content);
    CHECK_THROWS_AS(readGateSummary(file), InputError);
  }
  GateSummary summary;
  summary.shard = {3, 2};
  writeAtomically(file, toText(summary));
  CHECK_THROWS_WITH_AS(readGateSummary(file), doctest::Contains("shard: found \"3/2\""), InputError);
}
