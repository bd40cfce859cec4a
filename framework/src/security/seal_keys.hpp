// The keys that a Sealer or Signer derives from its secrets, and what both check.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "h3http/sealer.hpp"
#include "security/sha256.hpp"
#include "security/xaes_gcm.hpp"

namespace h3 {

/// Keys of one purpose, newest first.
class SealKeys {
 public:
  static constexpr std::size_t kIdBytes = 4;

  struct Key {
    std::array<char, kIdBytes> id;
    security::XaesGcm cipher;
    security::HmacSha256 hmac;

    std::string_view idView() const { return {id.data(), id.size()}; }
  };

  /// `kind` separates sealed from signed values. Errors: std::invalid_argument, see SealOptions.
  SealKeys(std::string_view kind, SealOptions options);

  const Key& newest() const { return keys_.front(); }
  /// nullptr when no key has this id.
  const Key* find(std::string_view id) const;
  std::size_t maxBytes() const { return maxBytes_; }
  std::int64_t now() const { return now_(); }

  /// When a value of this lifetime expires. Errors: std::invalid_argument for a lifetime, std::length_error for a text,
  /// that is out of range.
  std::int64_t expiryOf(std::string_view text, std::int64_t lifetimeSeconds) const;
  /// What has been authenticated: error `expired`, or the text.
  Opened opened(std::string_view text, std::int64_t expiresSeconds, const Key& key) const;

 private:
  std::vector<Key> keys_;
  std::size_t maxBytes_;
  std::int64_t (*now_)();
};

}  // namespace h3
