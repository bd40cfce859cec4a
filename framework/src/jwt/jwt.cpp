#include "h3http/jwt.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "jwt/jwt_keys.hpp"
#include "security/system_seconds.hpp"

namespace h3 {
namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kMaxLeewaySeconds = 600;

// RFC 7519 2: seconds since 1970, perhaps with a fraction. nullopt for another type.
std::optional<double> numericDate(const Json& claim) {
  if (!claim.is_number()) return std::nullopt;
  const double seconds = claim.get<double>();
  return std::isfinite(seconds) ? std::optional(seconds) : std::nullopt;
}

JwtError checkTimes(const Json& claims, const JwtOptions& options, std::int64_t now) {
  const auto leeway = static_cast<double>(options.leewaySeconds);
  const auto time = static_cast<double>(now);
  if (const auto exp = claims.find("exp"); exp != claims.end()) {
    const auto seconds = numericDate(*exp);
    if (!seconds) return JwtError::claims;
    if (time >= *seconds + leeway) return JwtError::expired;
  } else if (options.requireExpiry) {
    return JwtError::claims;
  }
  if (const auto nbf = claims.find("nbf"); nbf != claims.end()) {
    const auto seconds = numericDate(*nbf);
    if (!seconds) return JwtError::claims;
    if (time + leeway < *seconds) return JwtError::notYetValid;
  }
  return JwtError::none;
}

JwtError checkParties(const Json& claims, const JwtOptions& options) {
  if (!options.issuer.empty()) {
    const auto issuer = claims.find("iss");
    if (issuer == claims.end() || *issuer != options.issuer) return JwtError::issuer;
  }
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return options.audience.empty() ? JwtError::none : JwtError::audience;
  if (options.audience.empty()) return JwtError::audience;
  const bool named = audience->is_array()
                         ? std::find(audience->begin(), audience->end(), options.audience) != audience->end()
                         : *audience == options.audience;
  return named ? JwtError::none : JwtError::audience;
}

void checkJwtOptions(const JwtOptions& options, const std::vector<jwt::JwtKey>& keys) {
  if (options.algorithms.empty())
    throw std::invalid_argument(
        "jwt: no algorithms; name those that the issuer signs with, such as \"RS256\"");
  if (options.leewaySeconds > kMaxLeewaySeconds)
    throw std::invalid_argument("jwt: leewaySeconds " + std::to_string(options.leewaySeconds) +
                                ", expected 0 to 600");
  const bool hasSecret = jwt::keyTypeOf(options.algorithms.front()) == jwt::KeyType::oct;
  for (const std::string& algorithm : options.algorithms) {
    const jwt::KeyType type = jwt::keyTypeOf(algorithm);
    if ((type == jwt::KeyType::oct) != hasSecret)
      throw std::invalid_argument("jwt: algorithms with a secret (HS) beside others; use two verifiers");
    if (std::none_of(keys.begin(), keys.end(), [type](const jwt::JwtKey& key) { return key.type == type; }))
      throw std::invalid_argument("jwt: no key is for \"" + algorithm + "\"");
  }
}

}  // namespace

struct JwtVerifier::Keys {
  explicit Keys(JwtOptions given)
      : options(std::move(given)),
        all(jwt::parseJwtKeys(options.keys)),
        nowSeconds(options.nowSeconds != nullptr ? options.nowSeconds : security::systemSeconds) {
    checkJwtOptions(options, all);
  }

  JwtError verifySignature(cjose_jws_t* token) const {
    cjose_err error{};
    cjose_header_t* const header = cjose_jws_get_protected(token);
    // RFC 7515 4.1.11: what must be understood, is not.
    if (char* const critical = cjose_header_get_raw(header, "crit", &error)) {
      std::free(critical);
      return JwtError::malformed;
    }
    const char* const algorithm = cjose_header_get(header, CJOSE_HDR_ALG, &error);
    const auto& known = options.algorithms;
    if (algorithm == nullptr || std::find(known.begin(), known.end(), algorithm) == known.end())
      return JwtError::algorithm;
    const jwt::KeyType type = jwt::keyTypeOf(algorithm);
    const char* const id = cjose_header_get(header, CJOSE_HDR_KID, &error);
    JwtError result = JwtError::unknownKey;
    for (const jwt::JwtKey& key : all) {
      if (key.type != type || (id != nullptr && !key.id.empty() && key.id != id)) continue;
      if (cjose_jws_verify(token, key.key.get(), &error)) return JwtError::none;
      result = JwtError::signature;
    }
    return result;
  }

  JwtOptions options;
  std::vector<jwt::JwtKey> all;
  std::int64_t (*nowSeconds)();
};

JwtVerifier::JwtVerifier(JwtOptions options) : keys_(std::make_unique<const Keys>(std::move(options))) {}
JwtVerifier::~JwtVerifier() = default;
JwtVerifier::JwtVerifier(JwtVerifier&&) noexcept = default;
JwtVerifier& JwtVerifier::operator=(JwtVerifier&&) noexcept = default;

JwtResult JwtVerifier::verify(std::string_view token, Arena& arena) const {
  if (token.size() > kMaxTokenBytes) return {.error = JwtError::malformed};
  cjose_err error{};
  const std::unique_ptr<cjose_jws_t, jwt::ReleaseJose> imported(
      cjose_jws_import(token.data(), token.size(), &error));
  if (!imported) return {.error = JwtError::malformed};
  if (const JwtError refused = keys_->verifySignature(imported.get()); refused != JwtError::none)
    return {.error = refused};
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(imported.get(), &bytes, &size, &error)) return {.error = JwtError::malformed};
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const Json claims = Json::parse(text, nullptr, false);
  if (!claims.is_object()) return {.error = JwtError::claims};
  JwtError refused = checkTimes(claims, keys_->options, keys_->nowSeconds());
  if (refused == JwtError::none) refused = checkParties(claims, keys_->options);
  if (refused != JwtError::none) return {.error = refused};
  JwtResult result;
  result.claims = arena.copy(text);
  if (const auto subject = claims.find("sub"); subject != claims.end() && subject->is_string())
    result.subject = arena.copy(subject->get_ref<const std::string&>());
  return result;
}

VerifyToken jwtTokens(JwtOptions options) {
  return [verifier = std::make_shared<const JwtVerifier>(std::move(options))](Event& event,
                                                                              std::string_view token) {
    const JwtResult result = verifier->verify(token, event.arena());
    if (!result) return false;
    event.setContext(kAuthUserKey, result.subject);
    event.setContext(kJwtClaimsKey, result.claims);
    return true;
  };
}

std::string_view nameOf(JwtError error) {
  constexpr std::string_view kNames[] = {"none",   "malformed", "algorithm",     "unknown key", "signature",
                                         "claims", "expired",   "not yet valid", "issuer",      "audience"};
  return kNames[static_cast<std::size_t>(error)];
}

}  // namespace h3
