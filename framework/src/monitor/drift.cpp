#include "h3http/drift.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace h3 {
namespace {

// 1234567 with units {"ns", "us", ...} and step 1000 is "1.23 ms"; an undefined figure is "?".
template <std::size_t N>
std::string scaled(double value, double step, const std::array<const char*, N>& units) {
  if (!std::isfinite(value)) return "?";
  std::size_t unit = 0;
  for (; unit + 1 < N && std::abs(value) >= step; ++unit) value /= step;
  return fmt::format("{:.3g} {}", value, units[unit]);
}

std::string duration(double ns) {
  return scaled(ns, 1000, std::array<const char*, 4>{"ns", "us", "ms", "s"});
}

std::string bytes(double count) {
  return scaled(count, 1024, std::array<const char*, 4>{"B", "KiB", "MiB", "GiB"});
}

std::string nameOf(const Drift& drift) {
  if (drift.route.empty()) return "requests without a route";
  return fmt::format("{} {}", drift.method, drift.route);
}

}  // namespace

std::string_view toString(DriftKind kind) noexcept {
  switch (kind) {
    case DriftKind::latency:
      return "latency";
    case DriftKind::allocation:
      return "allocation";
    case DriftKind::liveBytes:
      return "live_bytes";
  }
  return "";
}

std::string toString(const Drift& drift) {
  if (drift.kind == DriftKind::liveBytes)
    return fmt::format("drift: live bytes grow by {}/s ({}/s to {}/s): {} -> {} in {:.0f} s",
                       bytes(drift.bytesPerSecond), bytes(drift.bytesPerSecondLow),
                       bytes(drift.bytesPerSecondHigh), bytes(drift.before), bytes(drift.after),
                       drift.seconds);
  const bool latency = drift.kind == DriftKind::latency;
  return fmt::format("drift: {} {} ({:.1f} to {:.1f} %): {} -> {}", nameOf(drift),
                     latency ? fmt::format("takes {:.1f} % longer", 100 * drift.change)
                             : fmt::format("takes {:.1f} % more memory", 100 * drift.change),
                     100 * drift.changeLow, 100 * drift.changeHigh,
                     latency ? duration(drift.before) : bytes(drift.before),
                     latency ? duration(drift.after) : bytes(drift.after));
}

}  // namespace h3
