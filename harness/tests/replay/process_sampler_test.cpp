#include "replay/process_sampler.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "replay/descriptor.hpp"
#include "shell_server.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("children and grandchildren are sampled") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder, "(sleep 60; true) & sleep 60; true"));
  CHECK(eventually([&] { return sampleActivity(processTree(process.pid(), {})).processes == 4; }));
  CHECK(processTree(::getpid(), {process.pid()}).running.contains(process.pid()));
}

TEST_CASE("the kernel's part of the time on a processor is told") {
  const auto sample = [] { return sampleProcesses({.running = {::getpid()}, .zombies = 0}); };
  const std::uint64_t beforeNs = sample().systemCpuNs;
  CHECK(beforeNs <= sample().cpuNs);
  char byte = 0;
  const Descriptor zeros(::open("/dev/zero", O_RDONLY));
  CHECK(eventually([&] {
    for (int k = 0; k < 100'000; ++k) (void)::pread(zeros.get(), &byte, 1, 0);
    return sample().systemCpuNs >= beforeNs + 20'000'000;
  }));
}
