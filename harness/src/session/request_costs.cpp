#include "session/request_costs.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>

#include "replay/callgrind_file.hpp"
#include "replay/executable.hpp"
#include "replay/steady_time.hpp"
#include "replay/temporary_directory.hpp"
#include "report/status_counts.hpp"
#include "scenario/first_line.hpp"
#include "session/instruction_count.hpp"
#include "symbols/function_name.hpp"

namespace leakgate {

namespace {

// Each call costs two stops of its thread, and a line of the log.
constexpr std::uint64_t kTracedRequests = 800;

// -s 0 and no decoding: the log has no byte of the target's data.
std::vector<std::string> straceTo(const std::filesystem::path& log) {
  return {"strace", "-f", "-qq", "-ttt", "-s", "0", "-e", "signal=none", "-o", log.string(), "--"};
}

// strace writes times of day, a checkpoint has one of the steady clock. The target stands still around checkpoints, so
// that what the day's clock is set by in between does not matter.
std::uint64_t realTimeOf(std::uint64_t steadyNs) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto realNs =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  return realNs - (steadyNowNs() - steadyNs);
}

SystemCallProfile profileOf(const RunRecord& record, std::istream& log) {
  SystemCallProfile profile;
  profile.problem = firstLine(record.endReason);
  if (record.checkpoints.empty()) return profile;
  std::map<int, std::uint64_t> statuses;
  for (std::size_t i = 1; i < record.checkpoints.size(); ++i)
    for (const auto& [status, count] : record.checkpoints[i].block.statuses) statuses[status] += count;
  profile.requests = record.checkpoints.back().requests;
  profile.responses = statusCounts(statuses);
  profile.calls = countSystemCalls(log, realTimeOf(record.checkpoints.front().atNs),
                                   realTimeOf(record.checkpoints.back().atNs));
  return profile;
}

// Symbols as they are, for readableName(); one file for each process.
std::vector<std::string> callgrindTo(const std::filesystem::path& folder) {
  return {"valgrind",
          "--tool=callgrind",
          "-q",
          "--dump-line=no",
          "--demangle=no",
          "--separate-recs=1",
          "--callgrind-out-file=" + (folder / "callgrind.%p").string()};
}

InstructionCounts countsOf(Scenario scenario, std::uint64_t requests, ReplayOptions options,
                           Progress& progress) {
  const TemporaryDirectory folder;
  scenario.load.warmup = std::min(scenario.load.warmup, kCountedWarmup);
  scenario.load.requests = requests;
  options.depth = Depth::none;
  options.wrapper = callgrindTo(folder.path());
  const RunRecord record = replay(scenario, options, progress);
  if (record.end == RunEnd::interrupted) throw Interrupted();
  if (record.end != RunEnd::whole) throw MeasureError(record.endReason);
  InstructionCounts counts;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream file(entry.path());
    if (entry.path().filename().string().starts_with("callgrind.")) addInstructions(file, counts);
  }
  if (counts.empty())
    throw MeasureError("valgrind has written nothing: it does when the target ends by itself after SIGTERM");
  return counts;
}

std::string functionOf(const std::string& symbol) {
  const bool unknown = symbol.starts_with("0x") || symbol == "???";
  return unknown ? "" : readableName(symbol);
}

InstructionProfile difference(const InstructionCounts& few, const InstructionCounts& many) {
  InstructionCounts rises;
  InstructionProfile profile;
  for (const auto& [place, count] : many) {
    const auto before = few.find(place);
    const std::uint64_t was = before == few.end() ? 0 : before->second;
    if (count <= was) continue;
    profile.total += count - was;
    rises[{functionOf(place.first), std::filesystem::path(place.second).filename().string()}] += count - was;
  }
  for (const auto& [place, count] : rises) profile.functions.push_back({place.first, place.second, count});
  std::ranges::stable_sort(profile.functions, std::ranges::greater(), &FunctionInstructions::instructions);
  if (profile.functions.size() > kMaxFunctions) profile.functions.resize(kMaxFunctions);
  return profile;
}

}  // namespace

void requireTool(const std::string& tool, const std::string& option) {
  try {
    findExecutable(tool);
  } catch (const InputError&) {
    throw InputError(option, "", "no " + tool + " in PATH", tool + ", which counts them",
                     "apt-get install " + tool + ", or leave out " + option);
  }
}

SystemCallProfile systemCallsOf(const Scenario& scenario, const ReplayOptions& options, Progress& progress) {
  requireTool("strace", "--system-calls");
  Scenario few = scenario;
  few.load.requests = std::min(few.load.requests, kTracedRequests);
  few.load.warmup = std::min(few.load.warmup, kTracedRequests);
  const TemporaryDirectory folder;
  const auto file = folder.path() / "calls.log";
  ReplayOptions traced = options;
  traced.depth = Depth::none;
  traced.wrapper = straceTo(file);
  try {
    const RunRecord record = replay(few, traced, progress);
    std::ifstream log(file);
    return profileOf(record, log);
  } catch (const Interrupted&) {
    throw;
  } catch (const MeasureError& error) {
    SystemCallProfile profile;
    profile.problem = firstLine(error.what());
    return profile;
  }
}

InstructionProfile instructionsOf(const Scenario& scenario, const ReplayOptions& options,
                                  Progress& progress) {
  requireTool("valgrind", "--instructions");
  try {
    const InstructionCounts few = countsOf(scenario, kFewRequests, options, progress);
    InstructionProfile profile =
        difference(few, countsOf(scenario, kFewRequests + kCountedRequests, options, progress));
    profile.requests = kCountedRequests;
    return profile;
  } catch (const Interrupted&) {
    throw;
  } catch (const MeasureError& error) {
    InstructionProfile profile;
    profile.problem = firstLine(error.what());
    return profile;
  }
}

}  // namespace leakgate
