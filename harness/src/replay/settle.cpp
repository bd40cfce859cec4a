#include "replay/settle.hpp"

#include <thread>

#include "replay/steady_time.hpp"

namespace leakgate {

SettleResult waitUntilQuiet(const std::function<Activity()>& read, std::chrono::milliseconds timeout) {
  using std::chrono::nanoseconds;
  const auto quietNs = static_cast<std::uint64_t>(nanoseconds(kQuietTime).count());
  const auto timeoutNs = static_cast<std::uint64_t>(nanoseconds(timeout).count());
  const std::uint64_t startNs = steadyNowNs();
  Activity last = read();
  std::uint64_t quietSinceNs = steadyNowNs();
  for (;;) {
    std::this_thread::sleep_for(kSettlePoll);
    const Activity now = read();
    const std::uint64_t nowNs = steadyNowNs();
    if (now != last) quietSinceNs = nowNs;
    last = now;
    if (nowNs - quietSinceNs >= quietNs) return {true, nowNs - startNs};
    if (nowNs - startNs >= timeoutNs) return {false, nowNs - startNs};
  }
}

}  // namespace leakgate
