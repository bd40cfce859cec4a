#include "analysis/finding_kind.hpp"

#include <algorithm>

namespace leakgate {
namespace {

constexpr std::array<KindTraits, 6> kKinds{{
    {FindingKind::heap,
     "heap",
     "blocks",
     true,
     {"live_bytes_per_request", "live_blocks_per_request", "live_bytes_growth", "live_blocks_growth"}},
    {FindingKind::mapping, "mapping", "mappings", true, {"mappings_growth"}},
    {FindingKind::descriptor, "descriptor", "descriptors", false, {"descriptors_growth"}},
    {FindingKind::thread, "thread", "threads", false, {"threads_growth"}},
    {FindingKind::slowdown, "slowdown", "blocks", false, {}},
    {FindingKind::retention, "retention", "blocks", false, {}},
}};

}  // namespace

std::span<const std::string_view> KindTraits::metrics() const {
  const auto end = std::find(metricSet.begin(), metricSet.end(), std::string_view());
  return {metricSet.data(), static_cast<std::size_t>(end - metricSet.begin())};
}

const KindTraits& traitsOf(FindingKind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(),
                       [&](const KindTraits& traits) { return traits.kind == kind; });
}

std::string_view toString(FindingKind kind) { return traitsOf(kind).name; }

}  // namespace leakgate
