#include "security/sha256.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

// OpenSSL 3 prefers EVP, whose contexts allocate a block for each digest. These functions keep their state where the
// caller puts it, and run the same assembly.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace h3::security {
namespace {

constexpr std::size_t kSha256BlockBytes = 64;

SHA256_CTX afterPaddedKey(std::span<const std::uint8_t> key, std::uint8_t padding) {
  std::array<std::uint8_t, kSha256BlockBytes> block{};
  std::copy(key.begin(), key.end(), block.begin());
  for (std::uint8_t& byte : block) byte ^= padding;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

// A copy of `state`, fed and finished.
Sha256Digest finished(SHA256_CTX state, std::initializer_list<std::string_view> parts) {
  Sha256Digest digest;
  for (const std::string_view part : parts) SHA256_Update(&state, part.data(), part.size());
  SHA256_Final(digest.data(), &state);
  return digest;
}

}  // namespace

Sha256Digest sha256(std::initializer_list<std::string_view> parts) {
  SHA256_CTX state;
  SHA256_Init(&state);
  return finished(state, parts);
}

HmacSha256::HmacSha256(std::span<const std::uint8_t> key) {
  Sha256Digest hashed;
  if (key.size() > kSha256BlockBytes) {
    hashed = sha256({viewOf(key)});
    key = hashed;
  }
  inner_ = afterPaddedKey(key, 0x36);
  outer_ = afterPaddedKey(key, 0x5C);
}

HmacSha256::~HmacSha256() {
  OPENSSL_cleanse(&inner_, sizeof inner_);
  OPENSSL_cleanse(&outer_, sizeof outer_);
}

Sha256Digest HmacSha256::mac(std::initializer_list<std::string_view> parts) const {
  const Sha256Digest inner = finished(inner_, parts);
  return finished(outer_, {viewOf(inner)});
}

void hkdfSha256(std::string_view secret, std::string_view salt, std::string_view info,
                std::span<std::uint8_t> out) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                              EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(kdf.get()),
                                                                          EVP_KDF_CTX_free);
  const auto octets = [](const char* name, std::string_view bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
  };
  char digest[] = "SHA256";
  std::array<OSSL_PARAM, 5> params = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                      octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_INFO, info),
                                      OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
  if (!salt.empty()) params[3] = octets(OSSL_KDF_PARAM_SALT, salt);  // none is one of zeros
  if (!context || EVP_KDF_derive(context.get(), out.data(), out.size(), params.data()) != 1)
    throw std::runtime_error("OpenSSL cannot derive a key by HKDF-SHA-256");
}

bool equalInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace h3::security
