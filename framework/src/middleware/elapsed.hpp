// How long a request has taken so far.
#pragma once

#include <cstdint>

#include "h3http/event.hpp"
#include "monitor/clock_ns.hpp"

namespace h3 {

/// Nanoseconds since the request's bytes were read.
inline std::uint64_t elapsedNs(const Event& event) {
  const std::uint64_t nowNs = monotonicNs();
  return nowNs > event.startedNs() ? nowNs - event.startedNs() : 0;
}

}  // namespace h3
