#include "http/ip_network.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace h3 {
namespace {

constexpr unsigned kMappedBits = 96;

// All of `text`, digits only.
std::optional<unsigned> parseUnsigned(std::string_view text, int base, std::size_t maxDigits) noexcept {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() || text.size() > maxDigits) return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

bool parseIpv4(std::string_view text, std::uint8_t* out) noexcept {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return false;
    const std::string_view digits = text.substr(0, dot);
    const auto value = parseUnsigned(digits, 10, 3);
    if (!value || *value > 255 || (digits.size() > 1 && digits[0] == '0')) return false;
    out[part] = static_cast<std::uint8_t>(*value);
    text.remove_prefix(std::min(dot, text.size() - 1) + 1);
  }
  return true;
}

// Groups, up to `maxBytes`, the last two perhaps as IPv4. Returns the bytes, or none.
std::optional<std::size_t> parseGroups(std::string_view text, std::uint8_t* out,
                                       std::size_t maxBytes) noexcept {
  std::size_t size = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    const bool isLast = colon == std::string_view::npos;
    if (isLast && group.find('.') != std::string_view::npos) {
      if (size + 4 > maxBytes || !parseIpv4(group, out + size)) return std::nullopt;
      return size + 4;
    }
    const auto value = parseUnsigned(group, 16, 4);
    if (!value || size + 2 > maxBytes) return std::nullopt;
    out[size++] = static_cast<std::uint8_t>(*value >> 8);
    out[size++] = static_cast<std::uint8_t>(*value & 0xFF);
    if (isLast) return size;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;
  }
  return size;
}

bool parseIpv6(std::string_view text, IpAddress& address) noexcept {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos)
    return parseGroups(text, address.data(), address.size()) == address.size();
  IpAddress tail{};
  const auto before = parseGroups(text.substr(0, gap), address.data(), address.size() - 2);
  if (!before || text.substr(0, gap).find('.') != std::string_view::npos) return false;
  const auto after = parseGroups(text.substr(gap + 2), tail.data(), address.size() - 2 - *before);
  if (!after) return false;
  std::copy_n(tail.begin(), *after, address.end() - static_cast<std::ptrdiff_t>(*after));
  return true;
}

}  // namespace

std::optional<IpAddress> parseIpAddress(std::string_view text) noexcept {
  IpAddress address{};
  if (text.find(':') != std::string_view::npos)
    return parseIpv6(text, address) ? std::optional(address) : std::nullopt;
  address[10] = address[11] = 0xFF;
  return parseIpv4(text, address.data() + 12) ? std::optional(address) : std::nullopt;
}

bool IpNetwork::contains(const IpAddress& other) const noexcept {
  const unsigned bytes = prefixBits / 8;
  if (!std::equal(address.begin(), address.begin() + bytes, other.begin())) return false;
  const unsigned bits = prefixBits % 8;
  return bits == 0 || ((address[bytes] ^ other[bytes]) >> (8 - bits)) == 0;
}

std::optional<IpNetwork> parseIpNetwork(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const auto address = parseIpAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpNetwork network{*address, 128};
  if (slash == std::string_view::npos) return network;
  const bool isIpv4 = text.find(':') == std::string_view::npos;
  const auto bits = parseUnsigned(text.substr(slash + 1), 10, 3);
  if (!bits || *bits > (isIpv4 ? 32U : 128U)) return std::nullopt;
  network.prefixBits = *bits + (isIpv4 ? kMappedBits : 0);
  for (unsigned bit = network.prefixBits; bit < 128; ++bit)
    if ((network.address[bit / 8] >> (7 - bit % 8) & 1) != 0) return std::nullopt;
  return network;
}

}  // namespace h3
