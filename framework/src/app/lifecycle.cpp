#include "app/lifecycle.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <string_view>
#include <utility>

#include "app/log.hpp"

namespace h3 {
namespace {

void runLogged(std::string_view what, const std::function<void()>& call) noexcept {
  try {
    call();
  } catch (const std::exception& failure) {
    logError(what, failure.what());
  } catch (...) {
    logError(what, "something that is not a std::exception");
  }
}

}  // namespace

void Lifecycle::start(boost::asio::io_context& loop) const {
  std::size_t started = 0;
  try {
    for (; started != onStart.size(); ++started) onStart[started](loop);
  } catch (...) {
    stopAfter(started);
    throw;
  }
}

void Lifecycle::stop() const noexcept { stopAfter(onStart.size()); }

void Lifecycle::stopAfter(std::size_t starts) const noexcept {
  for (auto hook = onStop.rbegin(); hook != onStop.rend(); ++hook)
    if (hook->startsBefore <= starts) runLogged("an onStop hook threw", hook->call);
}

void Lifecycle::hangup() const noexcept {
  for (const auto& hook : onHangup) runLogged("an onHangup hook threw", hook);
}

void Lifecycle::append(Lifecycle other) {
  for (Stop& hook : other.onStop) hook.startsBefore += onStart.size();
  const auto moveAll = [](auto& from, auto& to) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  };
  moveAll(other.onStart, onStart);
  moveAll(other.onStop, onStop);
  moveAll(other.onHangup, onHangup);
  moveAll(other.every, every);
}

}  // namespace h3
