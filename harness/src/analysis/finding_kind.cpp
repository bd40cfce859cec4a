#include "analysis/finding_kind.hpp"

#include <algorithm>

namespace leakgate {
namespace {

constexpr std::array<KindTraits, 19> kKinds{{
    {FindingKind::heap,
     "heap",
     "blocks",
     true,
     {"live_bytes_per_request", "live_blocks_per_request", "live_bytes_growth", "live_blocks_growth"}},
    {FindingKind::mapping, "mapping", "mappings", true, {"mappings_growth"}},
    {FindingKind::descriptor, "descriptor", "descriptors", false, {"descriptors_growth"}},
    {FindingKind::thread, "thread", "threads", false, {"threads_growth"}},
    {FindingKind::slowdown, "slowdown", "blocks", false, {"cpu_slowdown_percent"}},
    {FindingKind::retention, "retention", "blocks", false, {}},
    {FindingKind::uncounted, "uncounted", "blocks", true, {"uncounted_growth_bytes", "rss_growth_bytes"}},
    {FindingKind::managed,
     "managed",
     "objects",
     true,
     {"managed_heap_growth_bytes", "managed_objects_growth"}},
    {FindingKind::process, "process", "processes", false, {"processes_growth"}},
    {FindingKind::zombie, "zombie", "zombie processes", false, {"zombies_growth"}},
    {FindingKind::sharedMemory,
     "shared_memory",
     "shared memory segments",
     true,
     {"shared_memory_growth", "shared_memory_growth_bytes"}},
    {FindingKind::semaphore, "semaphore", "semaphores", false, {"semaphores_growth"}},
    {FindingKind::messageQueue, "message_queue", "message queues", false, {"message_queues_growth"}},
    {FindingKind::watch, "watch", "file watches", false, {"watches_growth"}},
    {FindingKind::registration, "registration", "epoll registrations", false, {"registrations_growth"}},
    {FindingKind::timer, "timer", "POSIX timers", false, {"timers_growth"}},
    {FindingKind::lock, "lock", "file locks", false, {"locks_growth"}},
    {FindingKind::threadKey, "thread_key", "pthread keys", false, {"thread_keys_growth"}},
    {FindingKind::file, "file", "files", true, {"files_growth", "files_growth_bytes"}},
}};

}  // namespace

std::span<const std::string_view> KindTraits::metrics() const {
  const auto end = std::find(metricSet.begin(), metricSet.end(), std::string_view());
  return {metricSet.data(), static_cast<std::size_t>(end - metricSet.begin())};
}

std::span<const KindTraits> allKinds() { return kKinds; }

const KindTraits& traitsOf(FindingKind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(),
                       [&](const KindTraits& traits) { return traits.kind == kind; });
}

bool growthIsBudgeted(const Scenario& scenario, FindingKind kind) {
  const auto metrics = traitsOf(kind).metrics();
  return std::any_of(metrics.begin(), metrics.end(), [&](std::string_view metric) {
    const auto budget = scenario.budgets.find(std::string(metric));
    return budget != scenario.budgets.end() && budget->second.max.value_or(0) > 0;
  });
}

std::string_view toString(FindingKind kind) { return traitsOf(kind).name; }

}  // namespace leakgate
