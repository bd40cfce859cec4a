// run_command.cpp and all that a run goes through.
// A million requests to a clean server and to one that leaks: neither the report nor leakgate itself grows
// with them.
#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "own_cost.hpp"
#include "replay/temporary_directory.hpp"

using namespace leakgate;

namespace {

constexpr std::uint64_t kFew = 100'000;
constexpr std::uint64_t kMany = 1'000'000;
constexpr std::uint64_t kReportBytesMost = 1'000'000;

// What ten times the requests may add: less than a third of a byte for each, two and a half where the kernel
// counts pages. Two runs of the same requests differ by some hundred bytes of text, and 150 KiB of pages.
constexpr std::uint64_t kLiveBytesMore = 256 << 10;
constexpr std::uint64_t kPeakRssMore = 2 << 20;
constexpr std::uint64_t kReportBytesMore = 64 << 10;

constexpr const char* kScenario = R"({
  "schema": "leakgate.scenario/1",
  "name": "million_requests",
  "target": { "command": ["{bin}/specimen-inlined-template", "--port", "{port}"], "ready": "/health" },
  "load": { "connections": 8, "pipeline": 64, "warmup": 10000, "requests": 100000, "seed": 7, "cool_down_ms": 0, "follow_requests": 0 },
  "steps": [{ "name": "visit", "path": "/visit" }]
})";

OwnCost costOf(const std::string& specimen, std::uint64_t requests) {
  const TemporaryDirectory folder;
  const std::string scenario = folder.path() / "scenario.json";
  std::ofstream(scenario) << kScenario;
  OwnCost cost = runForOwnCost(
      {scenario, "--target", "{bin}/" + specimen + " --port {port}", "--requests", std::to_string(requests)});
  MESSAGE(specimen, ", ", requests, " requests: report ", cost.reportBytes, " B, live ", cost.liveBytes,
          " B, peak ", cost.peakRssBytes, " B");
  return cost;
}

std::size_t heapFindings(const nlohmann::json& report) {
  std::size_t count = 0;
  for (const auto& finding : report.at("findings")) count += finding.at("kind") == "heap" ? 1 : 0;
  return count;
}

// Both runs did what they were to do: a leak was found, replayed with stacks and tried out, or there is none.
void checkRun(const OwnCost& cost, std::uint64_t requests, bool sick) {
  CAPTURE(cost.error);
  CHECK(
      (cost.exitCode == 1 || (cost.exitCode == 0 && !sick)));  // clean, a busy machine may look like a drift
  const auto looked = cost.report.at("series").back().at("requests").get<std::uint64_t>();
  CHECK((looked >= requests && looked % requests == 0));  // on a busy machine a run may look twice as far
  CHECK((heapFindings(cost.report) > 0) == sick);
  CHECK(cost.report.at("run").at("escalated") == sick);
  if (sick) CHECK(cost.report.at("trigger").at("conclusions").size() > 0);
  CHECK(cost.reportBytes < kReportBytesMost);
}

void checkSpecimen(const std::string& specimen, bool sick) {
  CAPTURE(specimen);
  const OwnCost few = costOf(specimen, kFew);
  const OwnCost many = costOf(specimen, kMany);
  checkRun(few, kFew, sick);
  checkRun(many, kMany, sick);
  CHECK(many.reportBytes < few.reportBytes + kReportBytesMore);
  CHECK(many.liveBytes < few.liveBytes + kLiveBytesMore);
  CHECK(many.peakRssBytes < few.peakRssBytes + kPeakRssMore);
}

}  // namespace

TEST_CASE("a million requests to a clean server") { checkSpecimen("specimen-vector-growth-clean", false); }

TEST_CASE("a million requests to a server that leaks") { checkSpecimen("specimen-inlined-template", true); }
