// How many descriptors the process may open.
#pragma once

#include <cstdint>

namespace h3::server {

/// Raises the process's limit of descriptors to `needed`, as far as its hard limit allows; never lowers it. Returns
/// the limit that is in force then. Threads: any, unless another one changes the limit.
std::uint64_t raiseDescriptorLimit(std::uint64_t needed) noexcept;

}  // namespace h3::server
