// The audited event: a context map and a parameter map, handed out by a pool.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "string_map.hpp"

namespace specimen {

/// What a specimen does with copies that are no longer needed. Each specimen defines these two functions, and
/// they are all in which the sick ones differ from one another and from their clean twins.
namespace upkeep {
void afterOverwrite(StringMap::Displaced displaced);
void beforeClear(StringMap& map);
}  // namespace upkeep

/// Frees every key and value, which is what beforeClear() should do.
void releaseAll(StringMap& map);

/// Threads: one owner at a time.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { reset(); }

  /// Both copy key and value. Never inlined: reports are held against these names.
  [[gnu::noinline]] void setContext(std::string_view key, std::string_view value);
  [[gnu::noinline]] void setParam(std::string_view key, std::string_view value);

  std::string_view context(std::string_view key) const { return context_.get(key); }
  std::string_view param(std::string_view key) const { return params_.get(key); }

  /// Makes the event as good as new for the next request.
  void reset();

 private:
  StringMap context_;
  StringMap params_;
};

/// Events are reset when they come back, so an idle pool holds no request's data.
class EventPool {
 public:
  std::unique_ptr<Event> acquire();
  void release(std::unique_ptr<Event> event);

 private:
  std::vector<std::unique_ptr<Event>> free_;
};

}  // namespace specimen
