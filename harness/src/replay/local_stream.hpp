// A connection to a local socket of the target, with a deadline.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace leakgate {

inline constexpr std::size_t kMaxLocalReplyBytes = 16U << 20;

/// Connects, sends `request`, and reads until the other side closes. Nothing when there is no listener, or
/// the reply is incomplete after `timeout` or longer than kMaxLocalReplyBytes. Threads: any.
std::optional<std::string> askLocalSocket(const std::filesystem::path& socket, std::string_view request,
                                          std::chrono::milliseconds timeout);

}  // namespace leakgate
