// Writes how many responses of each status there were.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace leakgate {

/// "200: 400, 404: 2"; "" without responses.
std::string statusCounts(const std::map<int, std::uint64_t>& statuses);

}  // namespace leakgate
