// The ranges of a scenario's numbers and sizes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace leakgate {

inline constexpr std::size_t kMaxScenarioFileBytes = 64U << 20;
inline constexpr std::size_t kMaxSteps = 5'000;
inline constexpr std::size_t kMaxBodyBytes = 16U
                                             << 20;  ///< of a body, raw bytes or an expected body, rendered
inline constexpr std::size_t kMaxHeaders = 200;      ///< per step
inline constexpr std::size_t kMaxArguments = 256;    ///< of target.command
inline constexpr std::size_t kMaxNameLength = 120;   ///< of scenarios and steps
inline constexpr unsigned kMaxWeight = 10'000;
inline constexpr unsigned kMaxConnections = 1'024;
inline constexpr unsigned kMaxPipeline = 64;
inline constexpr unsigned kMaxRequestsPerConnection = 1'000'000;
inline constexpr std::uint64_t kBlockUnits = 8;  ///< blocks of 1, 1, 2 and 4 eighths
inline constexpr std::uint64_t kMaxRequests = 1'000'000'000;
inline constexpr std::uint32_t kMaxStallMs = 60'000;
inline constexpr std::uint32_t kMaxCoolDownMs = 3'600'000;
inline constexpr std::uint32_t kMaxReadyMs = 3'600'000;

}  // namespace leakgate
