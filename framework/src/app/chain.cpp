#include "app/chain.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "http/canonical_path.hpp"

namespace h3 {
namespace {

// Whether `c` is a byte of "/" or of "%2F".
bool isSlashByte(char c) { return c == '/' || c == '%' || c == '2' || c == 'F'; }

}  // namespace

void checkPrefix(std::string_view what, std::string_view prefix) {
  const std::string problem = problemOfPrefix(prefix);
  if (problem.empty()) return;
  throw std::invalid_argument(std::string(what).append(" prefix \"").append(prefix).append("\": ") + problem);
}

ScopeFilter::ScopeFilter(Scope scope) : prefix_(std::move(scope.prefix)), anyMethod_(scope.methods.empty()) {
  checkPrefix("middleware", prefix_);
  for (const Method method : scope.methods) methods_.add(method);
  // HEAD runs GET's handler, so a check in front of GET must not be bypassed by HEAD.
  if (methods_.contains(Method::get)) methods_.add(Method::head);
}

bool ScopeFilter::underPrefix(std::string_view path) const {
  const std::size_t shorter = std::min(path.size(), prefix_.size());
  std::size_t same = 0;
  while (same < shorter && path[same] == prefix_[same]) ++same;
  if (same == path.size()) return same == prefix_.size();
  if (same == prefix_.size() && path[same] == '/') return true;
  // Another reading of a canonical path can differ only from here on, by a slash more or an encoded one.
  return isSlashByte(path[same]) && isUnderDecodedPrefix(path, prefix_);
}

void Chain::proceed(Event& event, std::size_t position) const {
  for (; position < layers_.size(); ++position) {
    const Layer<OnionLayer>& layer = layers_[position];
    if (!layer.filter.appliesTo(event.method(), event.path())) continue;
    Next next(*this, event, position + 1);
    return layer.call.call(event, next);
  }
  const std::size_t own = position - layers_.size();
  if (route_ != nullptr && own < route_->onion.size()) {
    Next next(*this, event, position + 1);
    return route_->onion[own].call(event, next);
  }
  core_(coreContext_, event);
}

void Next::operator()() { chain_.proceed(event_, position_); }

}  // namespace h3
