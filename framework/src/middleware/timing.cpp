#include "h3http/timing.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "middleware/elapsed.hpp"

namespace h3 {

void timing(App& app) {
  app.onResponse([](Event& event) {
    constexpr std::string_view kPrefix = "total;dur=";
    std::array<char, kPrefix.size() + 24> text;
    char* const number = std::copy(kPrefix.begin(), kPrefix.end(), text.data());
    const std::uint64_t us = elapsedNs(event) / 1000;
    char* at = std::to_chars(number, text.data() + text.size() - 4, us / 1000).ptr;
    *at++ = '.';
    for (std::uint64_t unit = 100; unit != 0; unit /= 10) *at++ = static_cast<char>('0' + us / unit % 10);
    event.appendHeader("Server-Timing", {text.data(), static_cast<std::size_t>(at - text.data())});
  });
}

}  // namespace h3
