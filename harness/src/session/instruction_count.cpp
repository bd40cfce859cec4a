#include "session/instruction_count.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "replay/executable.hpp"
#include "replay/measure_error.hpp"
#include "replay/temporary_directory.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kCountedRequests = 400;
constexpr double kRequestsPerSecond = 500;
constexpr std::uint64_t kWarmup = 80;
constexpr std::uint64_t kFewRequests = 80;
constexpr std::uint32_t kReadyMs = 120'000;  // valgrind is slow to start a program

// Where glibc changes its way of copying follows from the caches of the machine.
constexpr const char* kTunables =
    "glibc.cpu.x86_data_cache_size=0x8000:glibc.cpu.x86_shared_cache_size=0x100000:"
    "glibc.cpu.x86_non_temporal_threshold=0xc0000:glibc.cpu.x86_rep_movsb_threshold=0x800:"
    "glibc.cpu.x86_rep_stosb_threshold=0x800";

std::string wholeFile(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

RevisionPlan underCallgrind(const fs::path& top, const RevisionPlan& plan, const fs::path& folder) {
  RevisionPlan counted;
  counted.scenario = scenarioIn(top, plan);
  LoadSpec& load = counted.scenario.load;
  load.connections = load.pipeline = 1;
  load.warmup = kWarmup;
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
  std::uint64_t total = 0;
  for (const auto& file : fs::directory_iterator(folder.path()))
    total += callgrindTotal(wholeFile(file.path()));
  if (total == 0) {
    throw MeasureError(
        "callgrind wrote no count: the server was ended by force. It has five seconds to end on SIGTERM, with all "
        "its processes");
  }
  return total;
}

}  // namespace

void requireValgrind() {
  try {
    findExecutable("valgrind");
  } catch (const InputError&) {
    throw InputError("--instructions", "", "no valgrind in PATH", "it: its callgrind counts them",
                     "apt-get install valgrind, or leave --instructions out");
  }
}

double instructionsPerRequest(const fs::path& top, const RevisionPlan& plan, const MeasureOptions& options,
                              Progress& progress) {
  const auto few = static_cast<double>(countRun(top, plan, options, kFewRequests, progress));
  const auto many =
      static_cast<double>(countRun(top, plan, options, kFewRequests + kCountedRequests, progress));
  return (many - few) / static_cast<double>(kCountedRequests);
}

std::uint64_t callgrindTotal(std::string_view text) {
  constexpr std::string_view kTotals = "\ntotals: ";
  std::uint64_t sum = 0;
  for (auto at = text.find(kTotals); at != std::string_view::npos; at = text.find(kTotals, at)) {
    at += kTotals.size();
    std::uint64_t total = 0;
    std::from_chars(text.data() + at, text.data() + text.size(), total);
    sum += total;
  }
  return sum;
}

}  // namespace leakgate
