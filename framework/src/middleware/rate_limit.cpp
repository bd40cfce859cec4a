#include "h3http/rate_limit.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>

#include "http/status.hpp"
#include "protocol/field_text.hpp"

namespace h3 {
namespace {

constexpr std::uint32_t kMaxLimitRequests = 1'000'000;
constexpr std::uint32_t kMaxLimitWindowSeconds = 24 * 3600;
constexpr std::size_t kMaxLimitNameBytes = 64;
constexpr std::size_t kIpv6PrefixBytes = 8;

// A field's value on the stack: a name of at most 64 bytes and two numbers.
class LimitText {
 public:
  LimitText& put(std::string_view part) {
    end_ = std::copy(part.begin(), part.end(), end_);
    return *this;
  }
  LimitText& put(std::uint32_t number) {
    end_ = std::to_chars(end_, text_.data() + text_.size(), number).ptr;
    return *this;
  }
  std::string_view view() const { return {text_.data(), static_cast<std::size_t>(end_ - text_.data())}; }

 private:
  std::array<char, kMaxLimitNameBytes + 64> text_;
  char* end_ = text_.data();
};

// A client has a whole /64 of IPv6 to itself. The key's memory is `prefix`.
std::string_view addressKey(std::string_view address, std::array<char, kIpv6PrefixBytes>& prefix) {
  if (address.find(':') == std::string_view::npos) return address;
  std::array<char, INET6_ADDRSTRLEN> text{};
  in6_addr parsed;
  if (address.size() >= text.size()) return address;
  address.copy(text.data(), address.size());
  if (::inet_pton(AF_INET6, text.data(), &parsed) != 1 || IN6_IS_ADDR_V4MAPPED(&parsed)) return address;
  std::memcpy(prefix.data(), &parsed, prefix.size());
  return {prefix.data(), prefix.size()};
}

void checkLimit(const RateLimitOptions& options) {
  const auto refuse = [](const std::string& problem) {
    throw std::invalid_argument("rateLimit: " + problem);
  };
  const RateLimitRule& rule = options.rule;
  if (rule.requests < 1 || rule.requests > kMaxLimitRequests)
    refuse("rule.requests " + std::to_string(rule.requests) + ", expected 1 to 1000000");
  if (rule.windowSeconds < 1 || rule.windowSeconds > kMaxLimitWindowSeconds)
    refuse("rule.windowSeconds " + std::to_string(rule.windowSeconds) + ", expected 1 to 86400");
  const std::string& name = options.name;
  if (name.empty() || name.size() > kMaxLimitNameBytes ||
      !std::all_of(name.begin(), name.end(), protocol::isTokenByte))
    refuse("name \"" + name + "\", expected a token of 1 to 64 bytes, such as \"login\"");
}

// One limit of an app.
class RateLimiter {
 public:
  explicit RateLimiter(RateLimitOptions options) : options_(std::move(options)) {
    checkLimit(options_);
    sharesStore_ = options_.store != nullptr;
    if (!sharesStore_) options_.store = std::make_shared<MemoryRateLimitStore>();
    policy_ = "\"" + options_.name + "\";q=" + std::to_string(options_.rule.requests) +
              ";w=" + std::to_string(options_.rule.windowSeconds);
  }

  FastResult apply(Event& event) const {
    std::array<char, kIpv6PrefixBytes> prefix;
    const std::string_view key =
        options_.key ? options_.key(event) : addressKey(event.clientAddress(), prefix);
    if (key.empty()) return FastResult::next;
    const RateLimitResult result = options_.store->take(sharesStore_ ? named(key, event.arena()) : key,
                                                        options_.rule, event.startedNs());
    if (options_.sendFields) sendFields(event, result);
    if (result.allowed) return FastResult::next;
    event.setHeader("Retry-After", LimitText().put(result.retryAfterSeconds).view());
    event.setStatus(429);
    event.sendView(reasonPhrase(429), "text/plain; charset=utf-8");
    return FastResult::stop;
  }

 private:
  // "login:192.0.2.7", so that limits of one store do not take each other's tokens. A name has no ':'.
  std::string_view named(std::string_view key, Arena& arena) const {
    const std::span<char> text = arena.allocateChars(options_.name.size() + 1 + key.size());
    char* out = std::copy(options_.name.begin(), options_.name.end(), text.data());
    *out++ = ':';
    std::copy(key.begin(), key.end(), out);
    return {text.data(), text.size()};
  }

  // Appended: a route may have several limits, and the fields are lists.
  void sendFields(Event& event, const RateLimitResult& result) const {
    event.appendHeader("RateLimit-Policy", policy_);
    LimitText text;
    text.put("\"").put(options_.name).put("\";r=").put(result.remaining).put(";t=").put(result.resetSeconds);
    event.appendHeader("RateLimit", text.view());
  }

  RateLimitOptions options_;
  bool sharesStore_;
  std::string policy_;
};

}  // namespace

FastMiddleware rateLimit(RateLimitOptions options) {
  return [limiter = std::make_shared<const RateLimiter>(std::move(options))](Event& event) {
    return limiter->apply(event);
  };
}

}  // namespace h3
