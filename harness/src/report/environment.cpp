#include "report/environment.hpp"

#include <gnu/libc-version.h>
#include <sys/utsname.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <thread>

#include "report/hash.hpp"
#include "symbols/symbolizer.hpp"

namespace leakgate {

namespace {

// First line of a command's output, "" when it fails.
std::string firstLineOf(const char* command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command, "r"), pclose);
  if (!pipe) return "";
  std::array<char, 256> line{};
  if (std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return "";
  std::string text(line.data());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string commitOfCheckout() {
  for (auto commit :
       {firstLineOf("git rev-parse HEAD 2>/dev/null"), variable("GITHUB_SHA"), variable("CI_COMMIT_SHA")}) {
    // Outside of a checkout with commits, git prints its argument.
    if (!commit.empty() && commit != "HEAD") return commit;
  }
  return "";
}

std::string cpuModel() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0 || line.rfind("CPU part", 0) == 0) {
      return line.substr(std::min(line.size(), line.find(':') + 2));
    }
  }
  return "unknown";
}

std::string kernelRelease() {
  utsname names{};
  return uname(&names) == 0 ? std::string(names.sysname) + " " + names.release : "unknown";
}

// "GNU C++20 12.2.0 -mtune=generic -O2" -> "GNU C++20 12.2.0" and the rest.
void splitProducer(const std::string& producer, Environment& environment) {
  const auto at = producer.find(" -");
  environment.compiler = producer.substr(0, at);
  environment.flags = at == std::string::npos ? "" : producer.substr(at + 1);
}

std::vector<ModuleId> modulesOf(const RunRecord& record) {
  std::set<std::string> libraries;
  for (const auto& row : record.checkpoints.back().memory.sites) libraries.insert(row.caller.module);
  libraries.erase("");
  libraries.erase(record.targetExecutable);
  std::vector<std::string> paths{record.targetExecutable};
  paths.insert(paths.end(), libraries.begin(), libraries.end());
  std::vector<ModuleId> modules;
  for (const auto& path : paths) {
    modules.push_back({std::filesystem::path(path).filename().string(), buildIdOf(path)});
  }
  return modules;
}

std::vector<std::string> runtimesOf(const RunRecord& record) {
  std::set<std::string> names;
  for (const auto& checkpoint : record.checkpoints) {
    for (const auto& one : checkpoint.runtimes) names.emplace(traitsOf(one.runtime).name);
  }
  return {names.begin(), names.end()};
}

}  // namespace

std::string environmentFingerprint(const Environment& e) {
  return hashOf({e.compiler, e.flags, e.buildType, e.libc, e.kernel, e.cpu, std::to_string(e.cores),
                 std::to_string(e.shimLayout)});
}

std::string toolchainFingerprint(const Environment& e) { return hashOf({e.compiler, e.libc}); }

Environment describeMachine() {
  Environment environment;
  environment.leakgate = LEAKGATE_VERSION;
  environment.buildType = LEAKGATE_BUILD_TYPE;
  environment.commit = commitOfCheckout();
  environment.dirty = !firstLineOf("git status --porcelain --untracked-files=no 2>/dev/null").empty();
  environment.libc = std::string("glibc ") + gnu_get_libc_version();
  environment.kernel = kernelRelease();
  environment.cpu = cpuModel();
  environment.cores = std::thread::hardware_concurrency();
  return environment;
}

Environment describeTarget(Environment environment, const RunRecord& record) {
  splitProducer(producerOf(record.targetExecutable), environment);
  if (!record.checkpoints.empty()) {
    environment.modules = modulesOf(record);
    environment.runtimes = runtimesOf(record);
    environment.shimLayout = record.checkpoints.back().memory.audit.layoutVersion;
  }
  environment.fingerprint = environmentFingerprint(environment);
  return environment;
}

}  // namespace leakgate
