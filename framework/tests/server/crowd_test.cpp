// worker.cpp, listener.cpp and the reactors.
// 10,000 connections at a time: each has its response, before and after a rest, and nothing of them stays.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

// As many as this system lets one process hold, beside what else it has open.
std::size_t crowdSize() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return std::min<std::size_t>(10'000, limit.rlim_max - std::min<rlim_t>(limit.rlim_max, 200));
}

bool requestAll(std::vector<std::unique_ptr<RawClient>>& clients) {
  for (auto& client : clients) client->send(requestText("GET", "/"));
  return std::all_of(clients.rbegin(), clients.rend(),
                     [](auto& client) { return client->receiveResponse().body == "hello"; });
}

// Returns the process's exit code.
int visit(std::uint16_t port, std::size_t count) {
  std::vector<std::unique_ptr<RawClient>> clients;
  try {
    while (clients.size() < count) clients.push_back(std::make_unique<RawClient>(port));
    if (!requestAll(clients) || !requestAll(clients)) return 1;
    for (std::size_t i = 0; i < count; ++i) clients[i]->close(/*reset=*/i % 2 == 0);
    return 0;
  } catch (const std::exception&) {
    return 2;
  }
}

// The clients are a process of their own: descriptors are limited for each. It is made before the server has
// threads, and learns the port when there is one.
class Visitors {
 public:
  explicit Visitors(std::size_t count) {
    REQUIRE(::pipe(pipe_) == 0);
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ != 0) return;
    std::uint16_t port = 0;
    const bool told = ::read(pipe_[0], &port, sizeof port) == sizeof port;
    ::_exit(told ? visit(port, count) : 3);
  }
  ~Visitors() {
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }

  int goTo(std::uint16_t port) {
    REQUIRE(::write(pipe_[1], &port, sizeof port) == sizeof port);
    int status = 0;
    REQUIRE(::waitpid(process_, &status, 0) == process_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int pipe_[2];
  pid_t process_;
};

}  // namespace

TEST_CASE("10,000 connections at a time") {
  const std::size_t count = crowdSize();
  REQUIRE(count > 0);
  Visitors visitors(count);
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.connections = config.limits.connectionsPerAddress = count;
  ServedApp server(served.app, config);
  CHECK(visitors.goTo(server.port()) == 0);
  const Monitor& monitor = server.server().monitor();
  CHECK(monitor.total(Metric::requests) == 2 * count);
  CHECK(monitor.total(Metric::connectionsAccepted) == count);
  CHECK(monitor.total(Metric::connectionsRefused) == 0);
  CHECK(poolsAreFull(monitor));
}
