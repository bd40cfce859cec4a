#include "jwt/jwt_keys.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "http/base64.hpp"

namespace h3::jwt {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxKeys = 32;
constexpr std::size_t kMinRsaBytes = 2048 / 8;  // RFC 7518 3.3
constexpr std::size_t kMinOctBytes = 256 / 8;   // RFC 7518 3.2, for HS256

[[noreturn]] void refuseKey(const std::string& problem) { throw std::invalid_argument("jwt: " + problem); }

std::string textMember(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Bytes of a number or secret, without leading zeros.
std::size_t memberBytes(const Json& jwk, const char* name) {
  Arena arena;
  const auto bytes = decodeBase64(Base64::url, textMember(jwk, name), arena);
  if (!bytes) return 0;
  return bytes->size() - std::min(bytes->find_first_not_of('\0'), bytes->size());
}

KeyType typeOfKey(const Json& jwk, const std::string& name) {
  const std::string type = textMember(jwk, "kty");
  if (type == "RSA") {
    if (memberBytes(jwk, "n") < kMinRsaBytes) refuseKey(name + " has an RSA modulus below 2048 bits");
    return KeyType::rsa;
  }
  if (type == "EC") return KeyType::ec;
  if (type != "oct") refuseKey(name + " has kty \"" + type + "\", expected RSA, EC or oct");
  if (memberBytes(jwk, "k") < kMinOctBytes) refuseKey(name + " is a secret below 32 bytes");
  return KeyType::oct;
}

}  // namespace

KeyType keyTypeOf(std::string_view algorithm) {
  constexpr std::array<std::string_view, 3> kSizes = {"256", "384", "512"};
  const std::string_view family = algorithm.substr(0, 2);
  if (algorithm.size() == 5 && std::find(kSizes.begin(), kSizes.end(), algorithm.substr(2)) != kSizes.end()) {
    if (family == "RS" || family == "PS") return KeyType::rsa;
    if (family == "ES") return KeyType::ec;
    if (family == "HS") return KeyType::oct;
  }
  refuseKey("algorithm \"" + std::string(algorithm) + "\", expected RS, PS, ES or HS with 256, 384 or 512");
}

std::vector<JwtKey> parseJwtKeys(std::string_view json) {
  const Json document = Json::parse(json, nullptr, false);
  if (!document.is_object()) refuseKey("keys are no JSON object; expected a JWK or {\"keys\": [...]}");
  const Json set = document.contains("keys") ? document["keys"] : Json::array({document});
  if (!set.is_array() || set.empty() || set.size() > kMaxKeys)
    refuseKey("\"keys\" is no list of 1 to 32 keys");
  std::vector<JwtKey> keys;
  for (const Json& jwk : set) {
    const std::string name = "key " + std::to_string(keys.size() + 1);
    if (!jwk.is_object()) refuseKey(name + " is no JSON object");
    if (textMember(jwk, "use") == "enc") continue;
    const KeyType type = typeOfKey(jwk, name);
    const std::string text = jwk.dump();
    cjose_err error{};
    JwtKey key{std::unique_ptr<cjose_jwk_t, ReleaseJose>(cjose_jwk_import(text.data(), text.size(), &error)),
               type, textMember(jwk, "kid")};
    if (!key.key)
      refuseKey(name + " cannot be imported: " + (error.message != nullptr ? error.message : "no reason"));
    keys.push_back(std::move(key));
  }
  if (keys.empty()) refuseKey("no key is for signatures");
  return keys;
}

}  // namespace h3::jwt
