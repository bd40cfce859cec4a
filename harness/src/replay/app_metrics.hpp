// The target's own counters.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace leakgate {

/// The numbers of a JSON document by dotted name: {"pool": {"size": 3}, "n": [1, 2]} -> pool.size, n.0, n.1.
/// Other values are left out. Errors: MeasureError when it is not a JSON object or array.
std::map<std::string, double> flattenNumbers(std::string_view json);

/// GETs `path` of the target and flattens the response. Errors: MeasureError that names what was received
/// instead of JSON.
std::map<std::string, double> readAppMetrics(std::uint16_t port, const std::string& path,
                                             std::chrono::milliseconds timeout);

}  // namespace leakgate
