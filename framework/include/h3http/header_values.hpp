// HeaderValues: all fields of one name.
#pragma once

#include <cstddef>
#include <string_view>

namespace h3 {

class Event;

/// The values of a request's fields of one name, in the order sent: what Event::headers() returns.
///
///     for (const std::string_view value : event.headers("Accept")) ...
///
/// A field that is a list may be split over several lines: "A: 1, 2" is "A: 1" and "A: 2" (RFC 9110 5.3).
/// Lifetime: that of the event's request and of the name. Allocates: nothing; searches as it goes.
class HeaderValues {
 public:
  class Iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    std::string_view operator*() const;
    Iterator& operator++() {
      ++index_;
      findNext();
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    friend class HeaderValues;
    Iterator(const Event& event, std::string_view name, std::size_t index)
        : event_(&event), name_(name), index_(index) {
      findNext();
    }
    void findNext();  // the first of that name at or behind index_

    const Event* event_ = nullptr;
    std::string_view name_;
    std::size_t index_ = 0;
  };

  HeaderValues(const Event& event, std::string_view name) : event_(event), name_(name) {}
  Iterator begin() const { return {event_, name_, 0}; }
  Iterator end() const;
  bool empty() const { return begin() == end(); }

 private:
  const Event& event_;
  std::string_view name_;
};

}  // namespace h3
