// Reads and writes points in time, in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace leakgate {

/// "2026-11-30T05:55:29Z" in seconds since 1970; nothing if it has another form.
std::optional<std::int64_t> secondsOf(const std::string& rfc3339);

/// "2026-11-30", of seconds since 1970.
std::string dateOf(std::int64_t seconds);

}  // namespace leakgate
