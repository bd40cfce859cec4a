#include "replay/heap_collectors.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <fstream>

#include "replay/collector_scripts.hpp"
#include "replay/jvm_attach.hpp"
#include "replay/local_stream.hpp"
#include "replay/measure_error.hpp"

namespace leakgate {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kCollectionTimeout{10'000};

void writeScript(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream stream(file);
  stream << text;
  stream.close();
  if (!stream) throw MeasureError(file.string() + ": cannot be written");
}

std::string inherited(const std::map<std::string, std::string>& environment, const char* name) {
  if (const auto given = environment.find(name); given != environment.end()) return given->second;
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// "python-1234", "node-1234-0".
std::optional<std::pair<Runtime, pid_t>> ownerOf(const std::string& socket) {
  const auto dash = socket.find('-');
  if (dash == std::string::npos) return std::nullopt;
  const Runtime runtime = socket.starts_with("node") ? Runtime::node : Runtime::cpython;
  pid_t pid = 0;
  const char* const end = socket.data() + socket.size();
  if (std::from_chars(socket.data() + dash + 1, end, pid).ec != std::errc()) return std::nullopt;
  return std::pair(runtime, pid);
}

bool holds(const std::set<RuntimeInProcess>& runtimes, Runtime runtime) {
  for (const auto& one : runtimes) {
    if (one.runtime == runtime) return true;
  }
  return false;
}

}  // namespace

HeapCollectors::HeapCollectors(const fs::path& directory, bool placesWanted)
    : scripts_(directory / "collectors"), sockets_(directory / "heaps"), placesWanted_(placesWanted) {
  writeScript(scripts_ / "node.js", kNodeCollector);
  writeScript(scripts_ / "python" / "sitecustomize.py", kPythonCollector);
  fs::create_directory(sockets_);
  // A target started by root may change its user, and its workers listen too.
  if (::geteuid() == 0) ::chmod(sockets_.c_str(), 01777);
}

void HeapCollectors::prepare(std::map<std::string, std::string>& environment,
                             const std::set<RuntimeInProcess>& executable) {
  const std::string nodeOptions = inherited(environment, "NODE_OPTIONS");
  environment["NODE_OPTIONS"] = "--require \"" + (scripts_ / "node.js").string() + "\"" +
                                (nodeOptions.empty() ? "" : " " + nodeOptions);
  const std::string pythonPath = inherited(environment, "PYTHONPATH");
  environment["PYTHONPATH"] = (scripts_ / "python").string() + (pythonPath.empty() ? "" : ":" + pythonPath);
  environment[kHeapsVariable] = sockets_.string();
  environment[kHeapPlacesVariable] = placesWanted_ ? "1" : "0";
  if (holds(executable, Runtime::go) && inherited(environment, "GOGC").empty()) environment["GOGC"] = "25";
}

template <class Ask>
void HeapCollectors::add(ManagedHeaps& heaps, Runtime runtime, const std::string& name, const Ask& ask) {
  if (silent_.contains(name)) return;
  if (const auto heap = ask())
    addHeap(heaps[runtime], *heap);
  else
    silent_.insert(name);
}

void HeapCollectors::addScripted(ManagedHeaps& heaps,
                                 const std::map<pid_t, std::set<RuntimeInProcess>>& processes) {
  std::error_code error;
  for (fs::directory_iterator entry(sockets_, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto owner = ownerOf(entry->path().filename().string());
    if (!owner || !processes.contains(owner->second)) continue;
    add(heaps, owner->first, entry->path().filename().string(), [&]() -> std::optional<ManagedHeap> {
      const auto text = askLocalSocket(entry->path(), "", kCollectionTimeout);
      return text ? parseCollectorReport(*text) : std::nullopt;
    });
  }
}

ManagedHeaps HeapCollectors::collect(const std::map<pid_t, std::set<RuntimeInProcess>>& processes) {
  ManagedHeaps heaps;
  addScripted(heaps, processes);
  for (const auto& [pid, runtimes] : processes) {
    if (!holds(runtimes, Runtime::jvm)) continue;
    add(heaps, Runtime::jvm, std::to_string(pid), [&]() -> std::optional<ManagedHeap> {
      const auto text = askJvm(pid, "GC.class_histogram", kCollectionTimeout);
      return text ? parseClassHistogram(*text) : std::nullopt;
    });
  }
  return heaps;
}

}  // namespace leakgate
