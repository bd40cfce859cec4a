#pragma once
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace h3 {

struct RouteParam {
  std::string_view name;
  std::string_view value;  ///< Still percent-encoded.
};

/// The named parts of a matched path, in the order of the pattern.
///
/// Lifetime: names live in the router, values in the path that was matched.
/// Allocates: never; room for kCapacity. Construction writes one word, so it is cheap to keep one per event.
class RouteParams {
 public:
  static constexpr std::size_t kCapacity = 16;

  RouteParams() noexcept {}  // Not `= default`: deliberately leaves the slots uninitialised.

  /// False, and nothing added, when full.
  bool add(std::string_view name, std::string_view value) noexcept {
    if (count_ == kCapacity) return false;
    slots_[count_++] = {name.data(), value.data(), static_cast<std::uint32_t>(name.size()),
                        static_cast<std::uint32_t>(value.size())};
    return true;
  }

  void clear() noexcept { count_ = 0; }
  std::size_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }

  RouteParam operator[](std::size_t index) const noexcept {
    assert(index < count_);
    const Slot& slot = slots_[index];
    return {{slot.name, slot.nameBytes}, {slot.value, slot.valueBytes}};
  }

  std::optional<std::string_view> find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      const RouteParam param = (*this)[i];
      if (param.name == name) return param.value;
    }
    return std::nullopt;
  }

 private:
  struct Slot {
    const char* name;
    const char* value;
    std::uint32_t nameBytes;
    std::uint32_t valueBytes;
  };
  std::uint32_t count_ = 0;
  Slot slots_[kCapacity];
};

}  // namespace h3
