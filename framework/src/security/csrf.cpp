#include "h3http/csrf.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>

#include "app/cookie_rules.hpp"
#include "h3http/query_params.hpp"
#include "h3http/sealer.hpp"
#include "http/ascii_case.hpp"
#include "http/status.hpp"
#include "memory/random_bytes.hpp"
#include "protocol/response_writer.hpp"
#include "security/sha256.hpp"

namespace h3 {
namespace {

constexpr std::size_t kTokenRandomBytes = 16;
constexpr std::string_view kIssuedKey = "csrf_token";  // the token that this response gives
constexpr std::string_view kGuardKey = "csrf_guard";   // address of the CsrfGuard in front of the handler
constexpr std::uint32_t kMaxCsrfSeconds = 400 * 24 * 3600;

void checkCsrfOptions(const CsrfOptions& options) {
  for (const std::string& origin : options.trustedOrigins)
    if (origin.find("://") == std::string::npos || origin.ends_with('/') || origin == "null")
      throw std::invalid_argument("csrf: trusted origin \"" + origin +
                                  "\", expected something like \"https://example.org\", without a path");
  if (options.lifetimeSeconds < 60 || options.lifetimeSeconds > kMaxCsrfSeconds)
    throw std::invalid_argument("csrf: lifetimeSeconds " + std::to_string(options.lifetimeSeconds) +
                                ", expected 60 to 34560000 (400 days)");
  protocol::checkResponseField(options.header, "");
}

bool isSafe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options ||
         method == Method::trace;
}

// The host and port of an Origin field: "https://example.org:8443". "" for "null".
std::string_view hostOfOrigin(std::string_view origin) {
  const std::size_t schemeEnd = origin.find("://");
  return schemeEnd == std::string_view::npos ? std::string_view() : origin.substr(schemeEnd + 3);
}

class CsrfGuard {
 public:
  explicit CsrfGuard(CsrfOptions options) : options_(std::move(options)) {
    checkCsrfOptions(options_);
    if (options_.secrets.empty()) return;
    checkCookie(options_.cookie, {}, cookieOptions());
    signer_.emplace(SealOptions{
        .secrets = options_.secrets, .purpose = "csrf token", .maxBytes = kTokenRandomBytes, .now = nullptr});
  }

  FastResult apply(Event& event) const {
    if (signer_) {
      const auto self = reinterpret_cast<std::uintptr_t>(this);
      event.setContext(kGuardKey, {reinterpret_cast<const char*>(&self), sizeof self});
    }
    if (isSafe(event.method()) || (comesFromHere(event) && (!signer_ || hasToken(event))))
      return FastResult::next;
    event.setStatus(403);
    event.sendView(reasonPhrase(403), "text/plain; charset=utf-8");
    return FastResult::stop;
  }

  std::string_view issue(Event& event) const {
    if (const auto issued = event.getContext(kIssuedKey)) return *issued;
    std::string_view token = event.getCookie(options_.cookie).value_or("");
    const Opened opened = signer_->verify(token, event.arena());
    if (!opened || opened.oldKey) {
      std::array<std::uint8_t, kTokenRandomBytes> random;
      fillRandom(random);
      token = signer_->sign(security::viewOf(random), options_.lifetimeSeconds, event.arena());
      setCookie(event, options_.cookie, token, cookieOptions());
    }
    event.setContext(kIssuedKey, token);
    return *event.getContext(kIssuedKey);
  }

 private:
  CookieOptions cookieOptions() const {
    return {
        .maxAgeSeconds = options_.lifetimeSeconds, .secure = options_.secure, .sameSite = SameSite::strict};
  }

  bool isTrusted(std::string_view origin) const {
    return std::find(options_.trustedOrigins.begin(), options_.trustedOrigins.end(), origin) !=
           options_.trustedOrigins.end();
  }

  bool comesFromHere(const Event& event) const {
    const auto origin = event.getHeader("Origin");
    if (origin && isTrusted(*origin)) return true;
    if (const auto site = event.getHeader("Sec-Fetch-Site")) return *site == "same-origin" || *site == "none";
    if (!origin) return true;
    const std::string_view host = hostOfOrigin(*origin);
    return !host.empty() && equalsIgnoringCase(host, event.host());
  }

  bool hasToken(Event& event) const {
    const std::string_view cookie = event.getCookie(options_.cookie).value_or("");
    auto sent = event.getHeader(options_.header);
    if (!sent && isForm(event)) sent = QueryParams(event.readBody()).find(options_.field, event.arena());
    return sent && security::equalInConstantTime(*sent, cookie) && signer_->verify(cookie, event.arena());
  }

  static bool isForm(const Event& event) {
    constexpr std::string_view kForm = "application/x-www-form-urlencoded";
    const std::string_view type = event.getHeader("Content-Type").value_or("");
    return equalsIgnoringCase(type.substr(0, kForm.size()), kForm) &&
           (type.size() == kForm.size() || type[kForm.size()] == ';' || type[kForm.size()] == ' ');
  }

  CsrfOptions options_;
  std::optional<Signer> signer_;
};

}  // namespace

FastMiddleware csrf(CsrfOptions options) {
  return [guard = std::make_shared<const CsrfGuard>(std::move(options))](Event& event) {
    return guard->apply(event);
  };
}

std::string_view csrfToken(Event& event) {
  const auto stored = event.getContext(kGuardKey);
  if (!stored)
    throw std::logic_error(
        "csrfToken() without csrf({.secrets = ...}) in front of the handler; add it with useFast()");
  std::uintptr_t guard = 0;
  stored->copy(reinterpret_cast<char*>(&guard), sizeof guard);
  return reinterpret_cast<const CsrfGuard*>(guard)->issue(event);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace h3
