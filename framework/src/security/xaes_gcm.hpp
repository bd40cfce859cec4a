// XAES-256-GCM: AES-256-GCM with nonces long enough to be random (C2SP, https://c2sp.org/XAES-256-GCM).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace h3::security {

/// One key. A message's key and nonce come from this key and the 24 bytes of its nonce:
///
///     nonce:  | 12 bytes: with AES-CMAC of the key -> key of the message | 12 bytes: nonce of AES-GCM |
///
/// Threads: any; the cipher contexts are the thread's. Allocates: at a thread's first call. Errors: std::runtime_error
/// when OpenSSL fails. The key is wiped on destruction.
class XaesGcm {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kNonceBytes = 24;
  static constexpr std::size_t kTagBytes = 16;
  using Nonce = std::span<const std::uint8_t, kNonceBytes>;

  explicit XaesGcm(std::span<const std::uint8_t, kKeyBytes> key);
  ~XaesGcm();
  XaesGcm(const XaesGcm&) = default;
  XaesGcm& operator=(const XaesGcm&) = default;

  /// Encrypts `text` in place, and writes kTagBytes to `tag`. `known` is authenticated, not encrypted.
  void seal(Nonce nonce, std::string_view known, std::span<char> text, char* tag) const;
  /// Decrypts in place. False, with `text` wiped, when tag, nonce or `known` differ.
  bool open(Nonce nonce, std::string_view known, std::span<char> text, const char* tag) const;

 private:
  using Block = std::array<std::uint8_t, 16>;

  std::array<std::uint8_t, kKeyBytes> messageKey(Nonce nonce) const;

  std::array<std::uint8_t, kKeyBytes> key_;
  Block subkey_;  ///< K1 of AES-CMAC
};

}  // namespace h3::security
