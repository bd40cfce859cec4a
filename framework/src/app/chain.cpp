#include "app/chain.hpp"

#include <stdexcept>
#include <utility>

namespace h3 {

ScopeFilter::ScopeFilter(Scope scope) : prefix_(std::move(scope.prefix)), anyMethod_(scope.methods.empty()) {
  if (!prefix_.empty() && (prefix_.front() != '/' || prefix_.back() == '/'))
    throw std::invalid_argument("middleware prefix \"" + prefix_ +
                                "\": expected \"\" or a path that begins with '/' and does not end with it");
  for (const Method method : scope.methods) methods_.add(method);
  // HEAD runs GET's handler, so a check in front of GET must not be bypassed by HEAD.
  if (methods_.contains(Method::get)) methods_.add(Method::head);
}

bool ScopeFilter::underPrefix(std::string_view path) const {
  if (!path.starts_with(prefix_)) return false;
  return path.size() == prefix_.size() || path[prefix_.size()] == '/';
}

void Chain::proceed(Event& event, std::size_t position) const {
  for (; position < layers_.size(); ++position) {
    const Layer<Middleware>& layer = layers_[position];
    if (!layer.filter.appliesTo(event.method(), event.path())) continue;
    Next next(*this, event, position + 1);
    return layer.call(event, next);
  }
  const std::size_t own = position - layers_.size();
  if (route_ != nullptr && own < route_->onion.size()) {
    Next next(*this, event, position + 1);
    return route_->onion[own](event, next);
  }
  core_(coreContext_, event);
}

void Next::operator()() { chain_.proceed(event_, position_); }

}  // namespace h3
