// What an App has registered.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/chain.hpp"
#include "app/dispatcher.hpp"
#include "app/lifecycle.hpp"
#include "h3http/app.hpp"

namespace h3 {

inline constexpr std::uint64_t kMaxWholeBodyBytes = 16 * 1024 * 1024;  // as LimitConfig::bodyBytes
inline constexpr std::chrono::milliseconds kMaxHandlerTime =
    std::chrono::hours(24);  // as TimeoutConfig::handlerMs

inline std::uint64_t checkedBodyLimit(std::uint64_t bytes, const std::string& owner) {
  if (bytes <= kMaxWholeBodyBytes) return bytes;
  throw std::invalid_argument(owner + ": limitBody(" + std::to_string(bytes) + "): expected at most " +
                              std::to_string(kMaxWholeBodyBytes) +
                              "; a larger body is read by a route with streamBody()");
}

inline std::uint32_t checkedTimeLimit(std::chrono::milliseconds time, const std::string& owner) {
  if (time >= std::chrono::milliseconds(0) && time <= kMaxHandlerTime)
    return static_cast<std::uint32_t>(time.count());
  throw std::invalid_argument(owner + ": limitTime(" + std::to_string(time.count()) +
                              " ms): expected 0 to one day");
}

struct App::Registry {
  std::vector<Route> routes;
  std::vector<Layer<FastMiddleware>> fast;
  std::vector<Layer<OnionLayer>> onion;
  std::vector<RequestHook> onRequest;
  std::vector<ResponseHook> onResponse;
  std::vector<ErrorHook> onError;
  InvalidValuesResponder onInvalidValues;
  std::vector<std::function<void(const App&)>> onFreeze;
  std::optional<std::uint64_t> bodyBytes;
  std::optional<std::uint32_t> handlerMs;
  std::shared_ptr<const BodyDecoder> decoder;
  Lifecycle lifecycle;
  std::optional<Dispatcher> dispatcher;

  /// Gives its limits and its decoder to the routes without their own.
  void applyToRoutes() {
    for (Route& route : routes) {
      if (!route.bodyBytes) route.bodyBytes = bodyBytes;
      if (!route.handlerMs) route.handlerMs = handlerMs;
      if (route.decoder == nullptr) route.decoder = decoder;
    }
  }
};

}  // namespace h3
