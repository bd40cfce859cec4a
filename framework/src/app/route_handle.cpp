#include <stdexcept>
#include <utility>

#include "app/app_registry.hpp"

namespace h3 {

RouteHandle& RouteHandle::addLayer(Middleware middleware, bool async) {
  app_.open().routes[index_].onion.push_back({std::move(middleware), async});
  return *this;
}

RouteHandle& RouteHandle::useFast(FastMiddleware middleware) {
  app_.open().routes[index_].fast.push_back(std::move(middleware));
  return *this;
}

RouteHandle& RouteHandle::acceptCodedBodies() {
  app_.open().routes[index_].acceptsCodedBodies = true;
  return *this;
}

RouteHandle& RouteHandle::decodeBodies(std::shared_ptr<const BodyDecoder> decoder) {
  app_.open().routes[index_].decoder = std::move(decoder);
  return *this;
}

RouteHandle& RouteHandle::limitBody(std::uint64_t bytes) {
  Route& route = app_.open().routes[index_];
  route.bodyBytes = checkedBodyLimit(bytes, "route \"" + route.pattern + '"');
  return *this;
}

RouteHandle& RouteHandle::limitTime(std::chrono::milliseconds time) {
  Route& route = app_.open().routes[index_];
  route.handlerMs = checkedTimeLimit(time, "route \"" + route.pattern + '"');
  return *this;
}

RouteHandle& RouteHandle::streamBody(std::uint64_t maxBytes) {
  Route& route = app_.open().routes[index_];
  route.streamsBody = true;
  route.bodyBytes = maxBytes;
  return *this;
}

RouteInfo& RouteHandle::info() {
  std::shared_ptr<RouteInfo>& info = app_.open().routes[index_].info;
  if (!info) info = std::make_shared<RouteInfo>();
  return *info;
}

RouteHandle& RouteHandle::summary(std::string text) {
  info().summary = std::move(text);
  return *this;
}

RouteHandle& RouteHandle::description(std::string text) {
  info().description = std::move(text);
  return *this;
}

RouteHandle& RouteHandle::operationId(std::string id) {
  info().operationId = std::move(id);
  return *this;
}

RouteHandle& RouteHandle::tag(std::string name) {
  info().tags.push_back(std::move(name));
  return *this;
}

RouteHandle& RouteHandle::meta(std::string key, std::string value) {
  info().values.emplace_back(std::move(key), std::move(value));
  return *this;
}

RouteHandle& RouteHandle::security(std::vector<std::string> schemes) {
  info().security = std::move(schemes);
  return *this;
}

RouteHandle& RouteHandle::response(int status, std::string description, std::string schema,
                                   std::string contentType) {
  if (status < 200 || status > 599)
    throw std::invalid_argument("route \"" + app_.open().routes[index_].pattern + "\": response(" +
                                std::to_string(status) + "): expected 200 to 599");
  const bool hasContent = status != 204 && status != 205 && (status < 300 || status >= 400);
  info().responses.push_back({status, std::move(description),
                              hasContent ? std::move(contentType) : std::string(), std::move(schema)});
  return *this;
}

RouteHandle& RouteHandle::hidden() {
  info().hidden = true;
  return *this;
}

}  // namespace h3
