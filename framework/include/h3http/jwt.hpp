// JSON Web Tokens of an issuer (RFC 7519), verified by cjose.
//
// In the library h3http::jwt, which needs libcjose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/arena.hpp"
#include "h3http/auth.hpp"

namespace h3 {

/// Why a token is not accepted. Clients get no more than `invalid_token`; the reason is for counters and logs.
enum class JwtError : std::uint8_t {
  none,
  malformed,  ///< no signed token in the compact form, too long, or with a critical header that is unknown here
  algorithm,   ///< not one of JwtOptions::algorithms; "none" is never one
  unknownKey,  ///< no key of this kind, or none with the token's `kid`
  signature,
  claims,  ///< not a JSON object, or `exp` is missing, or a claim has the wrong type
  expired,
  notYetValid,
  issuer,
  audience,
};

std::string_view nameOf(JwtError error);

struct JwtOptions {
  /// A JSON Web Key or a set of them (RFC 7517), at most 32: of type RSA (from 2,048 bits), EC, or oct. Public keys are
  /// enough. Keys for encryption (`"use": "enc"`) are left out.
  std::string keys;
  /// Those that are accepted, whatever a token's header says: RS, PS, ES or HS with 256, 384 or 512. HS not beside the
  /// others.
  std::vector<std::string> algorithms;
  std::string issuer = {};  ///< `iss` must be this; "": any
  std::string audience =
      {};  ///< `aud` must be or have this; "": tokens with an `aud` are for others (RFC 7519 4.1.3)
  bool requireExpiry = true;               ///< refuse tokens without `exp`
  std::uint32_t leewaySeconds = 30;        ///< between the clocks, for `exp` and `nbf`. Up to 600
  std::int64_t (*nowSeconds)() = nullptr;  ///< since 1970; the system's clock unless given
};

struct JwtResult {
  JwtError error = JwtError::none;
  std::string_view claims = {};   ///< the token's JSON, in the arena; empty after an error
  std::string_view subject = {};  ///< `sub`, if it is a string

  explicit operator bool() const { return error == JwtError::none; }
};

/// Verifies tokens. The signature is checked before any claim is read, with keys whose type fits the algorithm: a public key
/// is never taken for the secret of an HMAC.
///
/// Threads: any. Allocates: on the heap for each token, see framework/doc/features.md. Errors: the constructor throws
/// std::invalid_argument for keys and options that cannot be used; the message has the fix. Source: RFC 7515, 7519, 8725.
class JwtVerifier {
 public:
  static constexpr std::size_t kMaxTokenBytes = 8192;

  explicit JwtVerifier(JwtOptions options);
  ~JwtVerifier();
  JwtVerifier(JwtVerifier&&) noexcept;
  JwtVerifier& operator=(JwtVerifier&&) noexcept;

  JwtResult verify(std::string_view token, Arena& arena) const;

 private:
  struct Keys;
  std::unique_ptr<const Keys> keys_;
};

/// Context key under which jwtTokens() keeps a token's claims, as JSON.
inline constexpr std::string_view kJwtClaimsKey = "jwt_claims";

/// For bearerAuth(): `app.useFast({.prefix = "/api"}, bearerAuth(jwtTokens({...})))`. Keeps `sub` under kAuthUserKey.
VerifyToken jwtTokens(JwtOptions options);

}  // namespace h3
