// A server and what a scenario's requests did to it.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "replay/load_driver.hpp"
#include "tiny_server.hpp"

namespace leakgate::test {

inline Step makeStep(std::string name, std::string path = "/") {
  Step step;
  step.name = std::move(name);
  step.path = std::move(path);
  return step;
}

inline TinyReply echo(const TinyRequest& request) { return {tinyResponse(200, request.body)}; }

struct Bench {
  explicit Bench(TinyServer::Handler handler) : server(std::move(handler)) {
    scenario.load.connections = 3;
    scenario.steps = {makeStep("a", "/a/{i}")};
  }

  BlockTally run(std::uint64_t count, std::uint64_t blocks = 1) {
    const RequestStream stream(scenario, "h");
    LoadDriver driver(stream,
                      {server.port(), scenario.load.pipeline, scenario.load.keepAlive, timeout, nullptr});
    BlockTally last;
    for (std::uint64_t k = 0; k < blocks; ++k) last = driver.run(k * count, count, nullptr, unexpected);
    return last;
  }

  TinyServer server;
  Scenario scenario;
  std::chrono::milliseconds timeout{30'000};
  std::vector<UnexpectedResponse> unexpected;
};

}  // namespace leakgate::test
