#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace h3 {

/// Request methods that can be routed; every other token is `other`.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options, trace, connect, other };

inline constexpr std::size_t kMethodCount = 10;

/// Whether an App accepts routes for it: not for TRACE, CONNECT and unknown methods.
constexpr bool isRoutable(Method method) noexcept {
  return method != Method::trace && method != Method::connect && method != Method::other;
}

/// "GET" ...; "OTHER" for Method::other.
std::string_view toString(Method method) noexcept;

/// Source: RFC 9110 9.1, methods are case-sensitive, so "get" is `other`.
Method parseMethod(std::string_view token) noexcept;

/// A set of methods, for routes and the Allow field.
class MethodSet {
 public:
  constexpr MethodSet() noexcept = default;
  static constexpr MethodSet all() noexcept {
    MethodSet set;
    set.bits_ = (1U << kMethodCount) - 1;
    return set;
  }

  constexpr void add(Method method) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | bit(method)); }
  constexpr void add(MethodSet other) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | other.bits_); }
  constexpr bool contains(Method method) const noexcept { return (bits_ & bit(method)) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr std::size_t count() const noexcept { return static_cast<std::size_t>(std::popcount(bits_)); }
  friend constexpr bool operator==(MethodSet, MethodSet) noexcept = default;

  /// Appends "GET, HEAD, POST" to anything that has append(std::string_view). `other` has no name and is left
  /// out.
  template <class Output>
  void appendTo(Output& output) const {
    bool first = true;
    for (std::size_t i = 0; i + 1 < kMethodCount; ++i) {
      const auto method = static_cast<Method>(i);
      if (!contains(method)) continue;
      if (!first) output.append(std::string_view(", "));
      output.append(toString(method));
      first = false;
    }
  }

 private:
  static constexpr std::uint16_t bit(Method method) noexcept {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(method));
  }
  std::uint16_t bits_ = 0;
};

}  // namespace h3
