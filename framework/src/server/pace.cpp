#include "server/pace.hpp"

#include <algorithm>

namespace h3::server {
namespace {

constexpr std::uint64_t kMsPerSecond = 1000;

}  // namespace

void Pace::start(std::uint64_t bytes, std::uint64_t nowMs, const Limit& limit) {
  bytes_ = bytes;
  lastMs_ = nowMs;
  paidUntilMs_ = nowMs + limit.graceMs;
  bytesPerSecond_ = kUnknown;
}

// Rounded up, so that no client at exactly the rate is cut.
void Pace::record(std::uint64_t bytes, std::uint64_t nowMs, const Limit& limit) {
  const std::uint64_t moved = bytes > bytes_ ? bytes - bytes_ : 0;
  measure(moved, nowMs);
  bytes_ = std::max(bytes, bytes_);
  if (moved == 0) return;
  const std::uint64_t rate = limit.bytesPerSecond;
  const std::uint64_t boughtMs = rate == 0 ? limit.graceMs : (moved * kMsPerSecond + rate - 1) / rate;
  paidUntilMs_ = std::min(paidUntilMs_ + boughtMs, nowMs + limit.graceMs);
}

// The mean of about the last four records.
void Pace::measure(std::uint64_t moved, std::uint64_t nowMs) {
  if (nowMs == lastMs_) return;
  const std::uint64_t now = moved * kMsPerSecond / (nowMs - lastMs_);
  bytesPerSecond_ = bytesPerSecond_ == kUnknown ? now : (bytesPerSecond_ * 3 + now) / 4;
  lastMs_ = nowMs;
}

}  // namespace h3::server
