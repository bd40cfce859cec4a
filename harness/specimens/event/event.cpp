#include "event.hpp"

namespace specimen {

void releaseAll(StringMap& map) {
  for (auto& entry : map.entries()) {
    release(entry.key);
    release(entry.value);
  }
}

void Event::setContext(std::string_view key, std::string_view value) {
  upkeep::afterOverwrite(
      context_.put(copyTo(new char[key.size()], key), copyTo(new char[value.size()], value)));
}

void Event::setParam(std::string_view key, std::string_view value) {
  upkeep::afterOverwrite(
      params_.put(copyTo(new char[key.size()], key), copyTo(new char[value.size()], value)));
}

void Event::reset() {
  for (StringMap* map : {&context_, &params_}) {
    upkeep::beforeClear(*map);
    map->clear();
  }
}

std::unique_ptr<Event> EventPool::acquire() {
  if (free_.empty()) return std::make_unique<Event>();
  auto event = std::move(free_.back());
  free_.pop_back();
  return event;
}

void EventPool::release(std::unique_ptr<Event> event) {
  event->reset();
  free_.push_back(std::move(event));
}

}  // namespace specimen
