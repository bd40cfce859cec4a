#include "session/instruction_count.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "replay/callgrind_file.hpp"
#include "replay/measure_error.hpp"
#include "replay/temporary_directory.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

constexpr double kRequestsPerSecond = 500;
constexpr std::uint32_t kReadyMs = 120'000;  // valgrind is slow to start a program

// Where glibc changes its way of copying follows from the caches of the machine.
constexpr const char* kTunables =
    "glibc.cpu.x86_data_cache_size=0x8000:glibc.cpu.x86_shared_cache_size=0x100000:"
    "glibc.cpu.x86_non_temporal_threshold=0xc0000:glibc.cpu.x86_rep_movsb_threshold=0x800:"
    "glibc.cpu.x86_rep_stosb_threshold=0x800";

RevisionPlan underCallgrind(const fs::path& top, const RevisionPlan& plan, const fs::path& folder) {
  RevisionPlan counted;
  counted.scenario = scenarioIn(top, plan);
  LoadSpec& load = counted.scenario.load;
  load.connections = load.pipeline = 1;
  load.warmup = kCountedWarmup;
  load.requests = kFewRequests;
  TargetSpec& target = counted.scenario.target;
  target.readyMs = std::max(target.readyMs, kReadyMs);
  target.env.try_emplace("GLIBC_TUNABLES", kTunables);
  const std::vector<std::string> words{"valgrind", "--quiet", "--tool=callgrind", "--trace-children=yes",
                                       "--callgrind-out-file=" + (folder / "out.%p").string()};
  target.command.insert(target.command.begin(), words.begin(), words.end());
  return counted;
}

// Of all processes of one run.
std::uint64_t countRun(const fs::path& top, const RevisionPlan& plan, MeasureOptions options,
                       std::uint64_t requests, Progress& progress) {
  const TemporaryDirectory folder;
  options.depth = Depth::none;
  options.openLoop = {requests, kRequestsPerSecond};
  measureIn(top, underCallgrind(top, plan, folder.path()), options, progress);
  InstructionCounts counts;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    std::ifstream file(entry.path());
    addInstructions(file, counts);
  }
  std::uint64_t total = 0;
  for (const auto& [function, count] : counts) total += count;
  if (total == 0) {
    throw MeasureError(
        "callgrind wrote no count: the server was ended by force. It has five seconds to end on SIGTERM, with all "
        "its processes");
  }
  return total;
}

}  // namespace

double instructionsPerRequest(const fs::path& top, const RevisionPlan& plan, const MeasureOptions& options,
                              Progress& progress) {
  const auto few = static_cast<double>(countRun(top, plan, options, kFewRequests, progress));
  const auto many =
      static_cast<double>(countRun(top, plan, options, kFewRequests + kCountedRequests, progress));
  return (many - few) / static_cast<double>(kCountedRequests);
}

}  // namespace leakgate
