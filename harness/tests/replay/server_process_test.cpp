#include "replay/server_process.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>

#include "replay/process_sampler.hpp"
#include "shell_server.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("a process gets its environment, its log and fixed addresses") {
  const TemporaryDirectory folder;
  LaunchSpec spec = shell(folder, "echo $GIVEN; echo err >&2; cat /proc/self/personality; exec sleep 60");
  spec.environment = {{"GIVEN", "a value"}};
  ServerProcess process(spec);
  constexpr std::size_t kWholeLogBytes = std::string_view("a value\nerr\n00000000\n").size();
  CHECK(logShows(folder, [](const std::string& log) { return log.size() >= kWholeLogBytes; }));
  const std::string log = logOf(folder);
  CHECK(log.starts_with("a value\nerr\n"));
  CHECK(log.find("00040000") != std::string::npos);  // ADDR_NO_RANDOMIZE
  process.requireAlive();
  CHECK(eventually([&] { return sampleActivity(processTree(process.pid(), {})).descriptors == 3; }));
  // Right after exec it has touched one page.
  const auto sampled = [&] { return sampleProcesses(processTree(process.pid(), {})); };
  CHECK(eventually([&] { return sampled().rssBytes > 100'000 && sampled().mappings > 5; }));
  const ProcessSample sample = sampled();
  CHECK(sample.processes == 1);
  CHECK(sample.threads == 1);
  CHECK(sample.cpuNs > 0);
}

TEST_CASE("SIGTERM ends it by itself, or the deadline does") {
  const TemporaryDirectory folder;
  ExitResult result = ServerProcess(shell(folder, "exec sleep 60")).stop(std::chrono::seconds(60));
  CHECK(result.drained);
  CHECK(result.status == 128 + SIGTERM);
  result = ServerProcess(shell(folder, "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done"))
               .stop(std::chrono::seconds(60));
  CHECK(result.drained);
  ServerProcess stubborn(shell(folder, "trap '' TERM; echo stubborn; while :; do sleep 0.05; done"));
  CHECK(logShows(folder, [](const std::string& log) { return log.find("stubborn") != std::string::npos; }));
  result = stubborn.stop(std::chrono::milliseconds(100));
  CHECK_FALSE(result.drained);
  CHECK(result.status == 128 + SIGKILL);
}

TEST_CASE("an early end is named with its log") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder, "for k in $(seq 30); do echo line $k; done; exit 9"));
  CHECK(hasEnded(process.pid()));
  CHECK(eventually([&] { return endOf(process) == "the target ended by itself with exit code 9"; }));
  CHECK(process.logTail().starts_with("  line 11\n"));
  CHECK(process.logTail().ends_with("  line 30\n"));
  ServerProcess killed(shell(folder, "kill -SEGV $$"));
  CHECK(hasEnded(killed.pid()));
  CHECK(eventually([&] { return endOf(killed).find("was ended by signal 11") != std::string::npos; }));
}

TEST_CASE("a file that cannot be executed") {
  const TemporaryDirectory folder;
  LaunchSpec spec = shell(folder, "");
  spec.executable = writeExecutable(folder.path() / "bad", "#!/no/such/interpreter\n");
  CHECK_THROWS_WITH_AS(ServerProcess{spec}, doctest::Contains("cannot be started: No such file"),
                       MeasureError);
}
