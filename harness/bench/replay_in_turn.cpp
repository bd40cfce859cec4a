// Replays a scenario against several servers that stand side by side, a piece each in turn, so that the
// machine's noise affects all of them alike: replay_in_turn SCENARIO PIECES < CONTENDERS.
//
// CONTENDERS is JSON: [{"command": ["server", "--port", "{port}"], "env": {...}, "requests": N}, ...], N
// being the requests of a piece. Prints JSON: [{"cpu_ns": [a piece's CPU time per request, ...], "rss_bytes":
// most, "error": ""}, ...]; a server that fails is left out from then on. Exit codes: 0; 2 wrong input.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "replay/experiment_session.hpp"
#include "scenario/load.hpp"

namespace {

using nlohmann::json;

constexpr std::chrono::minutes kPieceLimit{5};
constexpr std::uint32_t kSeed = 1;

class Contender {
 public:
  Contender(leakgate::Scenario scenario, const json& given, const leakgate::ReplayOptions& options)
      : scenario_(std::move(scenario)), requests_(given.at("requests")), session_(options, progress_) {
    scenario_.target.command = given.at("command");
    scenario_.target.env = given.at("env");
  }

  void takeTurn() {
    if (!error_.empty()) return;
    try {
      const auto record = session_.run(scenario_, {.blocks = {requests_}}, "piece", kPieceLimit);
      cpuNs_.push_back(leakgate::cpuNsPerRequest(record));
      rssBytes_ = std::max(rssBytes_, record.checkpoints.back().process.rssBytes);
    } catch (const std::exception& error) {
      error_ = error.what();
    }
  }

  void forgetTimes() { cpuNs_.clear(); }

  void stop() { session_.stop(); }

  json result() const { return {{"cpu_ns", cpuNs_}, {"rss_bytes", rssBytes_}, {"error", error_}}; }

 private:
  leakgate::Scenario scenario_;
  std::uint64_t requests_;
  leakgate::SilentProgress progress_;
  leakgate::ExperimentSession session_;
  std::vector<double> cpuNs_;
  std::uint64_t rssBytes_ = 0;
  std::string error_;
};

int replayInTurn(const char* file, std::size_t pieces) {
  const auto scenario = leakgate::loadScenario(file);
  leakgate::ReplayOptions options;
  options.depth = leakgate::Depth::none;
  std::vector<std::unique_ptr<Contender>> contenders;
  for (const json& given : json::parse(std::cin))
    contenders.push_back(std::make_unique<Contender>(scenario, given, options));
  for (auto& contender : contenders) {
    contender->takeTurn();  // the first piece warms up
    contender->forgetTimes();
  }
  // Shuffled: a server that always follows the same one would pay for what that one leaves in the caches.
  std::vector<Contender*> turns;
  for (auto& contender : contenders) turns.push_back(contender.get());
  std::mt19937 random(kSeed);
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    std::shuffle(turns.begin(), turns.end(), random);
    for (Contender* contender : turns) contender->takeTurn();
  }
  json results = json::array();
  for (const auto& contender : contenders) {
    contender->stop();
    results.push_back(contender->result());
  }
  std::cout << results << "\n";
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return std::fprintf(stderr, "usage: replay_in_turn SCENARIO PIECES < CONTENDERS\n"), 2;
  try {
    return replayInTurn(arguments[1], std::strtoul(arguments[2], nullptr, 10));
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "replay_in_turn: %s\n", error.what()), 2;
  }
}
