// The keys of a JwtVerifier, and which algorithm each may be used with.
#pragma once

#include <cjose/cjose.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace h3::jwt {

struct ReleaseJose {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
  void operator()(cjose_jws_t* token) const { cjose_jws_release(token); }
};

enum class KeyType : unsigned char { rsa, ec, oct };

struct JwtKey {
  std::unique_ptr<cjose_jwk_t, ReleaseJose> key;
  KeyType type;
  std::string id;  ///< `kid`; "" for none
};

/// Of RS256 and so on. Errors: std::invalid_argument for a name that is none of the twelve.
KeyType keyTypeOf(std::string_view algorithm);

/// The keys of a JWK or a JWK set that are for signatures. Errors: std::invalid_argument, which names the key and the fix:
/// no JSON, no keys, more than 32, a type that is not supported, or a key that is too short.
std::vector<JwtKey> parseJwtKeys(std::string_view json);

}  // namespace h3::jwt
