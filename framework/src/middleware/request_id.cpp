#include "h3http/request_id.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string_view>
#include <utility>

#include "protocol/response_writer.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxIncomingBytes = 128;
constexpr std::size_t kHexDigits = 16;

using IdText = std::array<char, kHexDigits + 1 + kHexDigits>;

std::uint64_t randomNumber() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) == sizeof number) return number;
  std::random_device device;  // for a kernel or a sandbox without getrandom
  return std::uint64_t{device()} << 32 | device();
}

char* putHex(std::uint64_t number, char* out) {
  for (std::size_t shift = kHexDigits * 4; shift != 0; shift -= 4)
    *out++ = "0123456789abcdef"[number >> (shift - 4) & 15];
  return out;
}

std::string_view nextId(IdText& text) {
  thread_local const std::uint64_t prefix = randomNumber();
  thread_local std::uint64_t count = 0;
  char* const separator = putHex(prefix, text.data());
  *separator = '-';
  putHex(++count, separator + 1);
  return {text.data(), text.size()};
}

bool isWellFormed(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  };
  return !id.empty() && id.size() <= kMaxIncomingBytes && std::all_of(id.begin(), id.end(), allowed);
}

}  // namespace

FastMiddleware requestId(RequestIdOptions options) {
  protocol::checkResponseField(options.header, "");
  const auto identify = [header = std::move(options.header), trust = options.trustIncoming](Event& event) {
    IdText own;
    const auto incoming = trust ? event.getHeader(header) : std::nullopt;
    const std::string_view id = incoming && isWellFormed(*incoming) ? *incoming : nextId(own);
    event.setContext(kRequestIdKey, id);
    event.setHeader(header, id);
    return FastResult::next;
  };
  return FastMiddleware(identify).alsoOnRefusals();
}

}  // namespace h3
