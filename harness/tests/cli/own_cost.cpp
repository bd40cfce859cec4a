#include "own_cost.hpp"

#include <sys/types.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

#include "region/region_file.hpp"
#include "replay/temporary_directory.hpp"
#include "shim/probe_process.hpp"

namespace leakgate {
namespace {

constexpr int kPipeBytes = 4096;
constexpr std::chrono::seconds kDeadline{200};

std::uint64_t peakRssOf(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    std::uint64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  throw std::runtime_error("no VmHWM: leakgate has ended");
}

}  // namespace

OwnCost runForOwnCost(const std::vector<std::string>& arguments) {
  const TemporaryDirectory folder;
  std::vector<std::string> words{"run", "--json", "--no-self-audit"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  ProbeProcess process(LEAKGATE, {{"TMPDIR", folder.path().string()}}, words);
  process.narrowOutput(kPipeBytes);
  if (!process.awaitOutput(kDeadline)) throw std::runtime_error("no report: leakgate hangs or has ended");

  OwnCost cost;
  cost.peakRssBytes = peakRssOf(process.pid());
  RegionFile region(process.regionOf(static_cast<std::uint64_t>(process.pid())));
  cost.liveBytes = static_cast<std::uint64_t>(region.sample().totals().liveBytes());
  const std::string text = process.readAll();
  const ProbeEnd end = process.end();
  cost.reportBytes = text.size();
  cost.exitCode = end.status;
  cost.error = end.error;
  cost.report = nlohmann::json::parse(text);
  return cost;
}

}  // namespace leakgate
