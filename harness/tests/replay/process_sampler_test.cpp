#include "replay/process_sampler.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "shell_server.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("children and grandchildren are sampled") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder, "(sleep 60; true) & sleep 60; true"));
  CHECK(eventually([&] { return sampleActivity(processTree(process.pid(), {})).processes == 4; }));
  CHECK(processTree(::getpid(), {process.pid()}).running.contains(process.pid()));
}
