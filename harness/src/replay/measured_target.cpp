#include "replay/measured_target.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <thread>

#include "region/control_region.hpp"
#include "region/region_reader.hpp"
#include "replay/growth_limits.hpp"
#include "replay/heap_collectors.hpp"
#include "replay/http_probe.hpp"
#include "replay/launch_plan.hpp"
#include "replay/object_sampler.hpp"
#include "replay/port_owners.hpp"
#include "replay/shared_objects.hpp"
#include "replay/steady_time.hpp"

namespace leakgate {
namespace {

constexpr std::chrono::milliseconds kReadyPoll{10};
constexpr std::chrono::milliseconds kReadyProbe{1'000};

// Between collections while idle, and as a multiple of the time that the last one took.
constexpr std::chrono::milliseconds kCollectionPause{1'000};
constexpr int kCollectionPauses = 5;

// Many readings are kept, so each has one row per place and scope.
void joinPlaces(MemorySnapshot& memory) {
  std::map<std::pair<CodeLocation, std::string>, SiteRow> joined;
  for (SiteRow& row : memory.sites) {
    SiteRow& sum = joined[{row.caller, row.scope}];
    sum.allocations += row.allocations;
    sum.frees += row.frees;
    sum.allocatedBytes += row.allocatedBytes;
    sum.freedBytes += row.freedBytes;
  }
  memory.sites.clear();
  for (auto& [place, sum] : joined) {
    sum.caller = place.first;
    sum.scope = place.second;
    memory.sites.push_back(std::move(sum));
  }
}

}  // namespace

MeasuredTarget::MeasuredTarget(const Scenario& scenario, const ReplayOptions& options)
    : options_(options), spec_(scenario.target), port_(freePort()) {
  if (options_.depth != Depth::none) {
    region_ = std::make_unique<ControlRegion>();
    reader_ = std::make_unique<RegionReader>(region_->directory());
  }
  const auto scenarioDir = std::filesystem::absolute(scenario.file).parent_path();
  LaunchSpec launch = planLaunch(spec_, {options_.binDirectory, scenarioDir, port_}, options_.depth,
                                 options_.shimLibrary, region_ ? region_->directory() : "");
  if (!options_.stackFilter.empty() && options_.depth == Depth::stacks) {
    launch.environment[layout::kStackFilterVariable] = region_->writeStackFilter(options_.stackFilter);
  }
  if (region_) {
    collectors_ = std::make_unique<HeapCollectors>(region_->directory(), options_.depth == Depth::stacks);
    collectors_->prepare(launch.environment, runtimesIn(launch.executable));
  }
  launch.logFile = logFile();
  command_ = launch.arguments;
  executable_ = std::filesystem::canonical(launch.executable).string();
  const std::filesystem::path regions = region_ ? region_->directory() : "";
  if (!options_.wrapper.empty()) startThrough(launch, options_.wrapper);
  objects_ = std::make_unique<ObjectSampler>(regions, std::set{regions, launch.logFile.parent_path()});
  server_ = std::make_unique<ServerProcess>(launch);
}

MeasuredTarget::~MeasuredTarget() = default;

std::filesystem::path MeasuredTarget::logFile() const {
  if (options_.keepDirectory.empty()) return temporary_.path() / "target.log";
  std::filesystem::create_directories(options_.keepDirectory);
  auto file = options_.keepDirectory / "target.log";
  std::filesystem::remove(file);
  return file;
}

std::string MeasuredTarget::lastOutput() const {
  const std::string tail = server_->logTail();
  return tail.empty() ? "\nThe target wrote nothing." : "\nThe target's last output:\n" + tail;
}

std::string MeasuredTarget::protocolHint() const {
  if (!speaksTls(port_, kReadyProbe)) return "";
  return "; it looks like TLS: the server speaks https on this port, leakgate speaks http; start it without "
         "TLS";
}

void MeasuredTarget::waitUntilReady() {
  const auto timeout = spec_.readyMs != 0 ? std::chrono::milliseconds(spec_.readyMs) : options_.readyTimeout;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::string problem;
  while (!isReady(problem)) {
    check();
    if (std::chrono::steady_clock::now() >= deadline) {
      throw MeasureError("the target was not ready within " + std::to_string(timeout.count()) +
                         " ms: " + problem + protocolHint() +
                         "; one that loads longer needs target.ready_ms in the scenario, or --ready-seconds");
    }
    std::this_thread::sleep_for(kReadyPoll);
  }
  check();  // another program may respond on that port
  requireShim();
  requireCounted();
  settler_.learn([this] { return activity(); });
}

bool MeasuredTarget::isReady(std::string& problem) const {
  const std::string& path = spec_.ready;
  const auto timeout = std::min(kReadyProbe, options_.readyTimeout);
  if (path.empty()) {
    problem = "no connection to 127.0.0.1:" + std::to_string(port_);
    return acceptsConnections(port_, timeout);
  }
  const ProbeResponse response = httpGet(port_, path, timeout);
  problem = "GET " + path + ": " +
            (response.status == 0 ? response.problem
                                  : "status " + std::to_string(response.status) + ", expected 200");
  return response.status == 200;
}

void MeasuredTarget::requireShim() {
  if (reader_ && reader_->livePids().empty()) {
    throw MeasureError(
        "the shim was not loaded: no process of the target counts its memory; a program with file "
        "capabilities, or one that a wrapper starts with a cleared environment, takes no LD_PRELOAD");
  }
}

// A process that inherits the listening socket, such as a helper, may not serve it. One that does serve takes
// at least a quarter of the CPU time of all processes with the port.
bool MeasuredTarget::doesTheWork(pid_t pid, const std::vector<pid_t>& counted) {
  const auto used = [this](pid_t which) {
    const std::uint64_t now = processCpuNs(which);
    return now - cpuAtFirstSight_.try_emplace(which, now).first->second;
  };
  std::uint64_t all = 0;
  for (const pid_t other : counted) all += used(other);
  const std::uint64_t own = used(pid);
  return own > 0 && own >= (all + own) / 4;
}

void MeasuredTarget::requireCounted() {
  if (!reader_) return;
  const std::vector<pid_t> counted = reader_->livePids();
  // A child of fork has the shim's control page from the start, and its own region from its first block on. A
  // process that replaced itself (env -i) has neither, but its former image has left a region.
  const auto isCounted = [&](const PortOwner& owner) {
    const bool hasRegion = std::find(counted.begin(), counted.end(), owner.pid) != counted.end();
    return mapsFile(owner.pid, region_->directory() / "control").value_or(hasRegion);
  };
  const auto owners = ownersOfPort(port_, processes().running);
  const bool someoneCounts = std::any_of(owners.begin(), owners.end(), isCounted);
  for (const PortOwner& owner : owners) {
    if (owner.pid == 0) {
      throw MeasureError(
          "it cannot be seen whether the server is counted: no process that may be read holds the "
          "listening socket of port " +
          std::to_string(port_) +
          "; a program with file capabilities, setuid, or of another user hides its descriptors: "
          "measure a copy of its file, which drops them, or as root");
    }
    if (isCounted(owner)) continue;
    if (someoneCounts && !owner.serves && !doesTheWork(owner.pid, counted)) continue;
    std::error_code error;
    const auto file = std::filesystem::read_symlink("/proc/" + std::to_string(owner.pid) + "/exe", error);
    throw MeasureError("the server is not counted: process " + std::to_string(owner.pid) + " (" +
                       file.string() + ") holds " +
                       (owner.serves ? "connections of" : "the listening socket of") + " port " +
                       std::to_string(port_) + ", but the shim is not in it: " + whyNotPreloaded(owner.pid));
  }
}

void MeasuredTarget::check() {
  if (options_.stop.stop_requested()) throw Interrupted();
  const auto now = std::chrono::steady_clock::now();
  if ((options_.deadline && now >= *options_.deadline) || now >= end_) {
    throw OutOfTime("the time of the run was over (--max-seconds)");
  }
  try {
    server_->requireAlive();
  } catch (const TargetFailed& failed) {
    // When the kernel cannot provide a page for the counters, the target gets SIGBUS.
    const std::string shortage = region_ ? shortageOfSpace(region_->directory()) : "";
    if (shortage.empty()) throw;
    throw TargetFailed(failed.what() + ("; " + shortage));
  }
}

void MeasuredTarget::setEpoch(std::uint32_t epoch) {
  if (region_) region_->setEpoch(epoch);
}

Checkpoint MeasuredTarget::checkpoint() {
  const SettleResult settle = settler_.wait([this] { return activity(); }, options_.settleTimeout);
  Checkpoint checkpoint;
  checkpoint.settled = settle.settled;
  checkpoint.steady = settle.steady;
  checkpoint.idleEventsPerSecond = settle.eventsPerSecond;
  checkpoint.settleNs = settle.elapsedNs;
  collectHeaps(checkpoint);
  const ProcessTree tree = sampleInto(checkpoint);
  if (reader_) reader_->addInherited(checkpoint.memory.audit, tree.running);
  checkpoint.process.resident = sampleResidentMemory(tree.running);
  checkpoint.process.switches = sampleSwitches(tree.running);
  checkpoint.atNs = steadyNowNs();
  check();
  return checkpoint;
}

void MeasuredTarget::recogniseNewProcesses(const std::set<pid_t>& pids) {
  std::erase_if(runtimes_, [&](const auto& known) { return !pids.contains(known.first); });
  for (const pid_t pid : pids) {
    if (runtimes_.contains(pid)) continue;
    std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
    runtimes_[pid] = recogniseRuntimes(mappedCode(maps));
  }
}

// Memory that a collection frees is not growth, so collect before reading the counters.
void MeasuredTarget::collectHeaps(Checkpoint& checkpoint) {
  recogniseNewProcesses(processes().running);
  for (const auto& [pid, runtimes] : runtimes_) checkpoint.runtimes.insert(runtimes.begin(), runtimes.end());
  if (!collectors_ || checkpoint.runtimes.empty()) return;
  checkpoint.heaps = collectors_->collect(runtimes_);
  if (!checkpoint.heaps.empty()) settler_.wait([this] { return activity(); }, options_.settleTimeout);
}

Checkpoint MeasuredTarget::reading() {
  check();
  Checkpoint reading;
  sampleInto(reading);
  joinPlaces(reading.memory);
  reading.atNs = steadyNowNs();
  return reading;
}

Checkpoint MeasuredTarget::idleReading() {
  check();
  Checkpoint collected;
  if (const auto start = std::chrono::steady_clock::now(); start >= nextCollection_) {
    collectHeaps(collected);
    const auto end = std::chrono::steady_clock::now();
    nextCollection_ =
        end + std::max<std::chrono::nanoseconds>(kCollectionPause, kCollectionPauses * (end - start));
  }
  Checkpoint now = reading();
  now.runtimes = std::move(collected.runtimes);
  now.heaps = std::move(collected.heaps);
  return now;
}

ProcessTree MeasuredTarget::sampleInto(Checkpoint& checkpoint) {
  if (reader_) checkpoint.memory = reader_->read();
  ProcessTree tree = processes();
  checkpoint.process = sampleProcesses(tree);
  objects_->addTo(checkpoint.process, tree.running);
  addUnlistedQueues(checkpoint.process, checkpoint.memory);
  return tree;
}

GrowthLimits MeasuredTarget::growthLimits() const { return leakgate::growthLimits(server_->pid()); }

ProcessTree MeasuredTarget::processes() {
  ProcessTree tree = server_->processes();
  if (reader_) tree.running.merge(processTree(server_->pid(), reader_->livePids()).running);
  return tree;
}

Activity MeasuredTarget::activity() {
  check();
  const ProcessTree tree = processes();
  const ProcessSample sample = sampleActivity(tree);
  return {.memory = reader_ ? reader_->totals() : MemoryTotals(),
          .descriptors = sample.descriptors,
          .threads = sample.threads,
          .processes = sample.processes,
          .zombies = sample.zombies,
          .runs = anyRuns(tree)};
}

ExitResult MeasuredTarget::stop() { return server_->stop(options_.drainTimeout); }

}  // namespace leakgate
