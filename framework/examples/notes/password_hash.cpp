#include "password_hash.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "h3http/auth.hpp"

namespace notes {
namespace {

constexpr std::uint64_t kCost = 1 << 15;
constexpr std::uint64_t kBlockBytes = 8;
constexpr std::uint64_t kMaxMemoryBytes = 64 * 1024 * 1024;
constexpr std::size_t kSaltDigits = 32;

std::string hexOf(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

// The salt's text, then the hash's.
std::string hashWith(std::string_view salt, std::string_view password) {
  std::array<unsigned char, 32> key;
  if (EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                     salt.size(), kCost, kBlockBytes, 1, kMaxMemoryBytes, key.data(), key.size()) != 1)
    throw std::runtime_error("OpenSSL could not hash a password");
  return std::string(salt) + hexOf(key.data(), key.size());
}

}  // namespace

std::string hashPassword(std::string_view password) {
  std::array<unsigned char, kSaltDigits / 2> salt;
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1)
    throw std::runtime_error("OpenSSL has no random bytes");
  return hashWith(hexOf(salt.data(), salt.size()), password);
}

bool isPassword(std::string_view password, std::string_view hash) {
  const std::string salt =
      hash.empty() ? std::string(kSaltDigits, '0') : std::string(hash.substr(0, kSaltDigits));
  return h3::equalSecrets(hashWith(salt, password), hash);
}

}  // namespace notes
