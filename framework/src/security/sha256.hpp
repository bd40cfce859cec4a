// SHA-256, HMAC and HKDF over OpenSSL.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace h3::security {

using Sha256Digest = std::array<std::uint8_t, 32>;

/// The digest of the parts, one after the other. Allocates: nothing.
Sha256Digest sha256(std::initializer_list<std::string_view> parts);

/// HMAC-SHA-256 under one key (RFC 2104). Keeps the states after the padded key: a MAC costs two blocks less.
///
/// Threads: immutable once constructed. Allocates: nothing; an EVP_MAC_CTX takes two blocks for each MAC. The states are
/// wiped on destruction.
class HmacSha256 {
 public:
  explicit HmacSha256(std::span<const std::uint8_t> key);
  ~HmacSha256();
  HmacSha256(const HmacSha256&) = default;
  HmacSha256& operator=(const HmacSha256&) = default;

  Sha256Digest mac(std::initializer_list<std::string_view> parts) const;

 private:
  SHA256_CTX inner_;
  SHA256_CTX outer_;
};

/// HKDF-SHA-256, extract and expand, without a salt unless given (RFC 5869). Fills `out`, at most 8,160 bytes. For
/// start-up: allocates. Errors: std::runtime_error.
void hkdfSha256(std::string_view secret, std::string_view salt, std::string_view info,
                std::span<std::uint8_t> out);

/// Whether both are the same; takes the time of their length, wherever they differ. Different lengths differ.
bool equalInConstantTime(std::string_view a, std::string_view b);

inline std::string_view viewOf(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace h3::security
