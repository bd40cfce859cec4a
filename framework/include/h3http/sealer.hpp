// Values that clients keep for the server: sealed (secret) or signed (readable), with an expiry inside.
//
// In the library h3http::security, which needs OpenSSL 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/arena.hpp"

namespace h3 {

/// Why a value was not opened. Clients get no more than "not valid"; the reason is for counters and logs.
enum class SealError : std::uint8_t {
  none,
  malformed,   ///< not a text that seal() or sign() writes, or too long
  unknownKey,  ///< made with a secret that is not in the list: rotated out, or another deployment's
  forged,      ///< changed, or made for another purpose
  expired,
};

std::string_view nameOf(SealError error);

/// What open() and verify() found.
struct Opened {
  std::string_view text = {};       ///< in the arena; empty after an error
  std::int64_t expiresSeconds = 0;  ///< since 1970
  SealError error = SealError::none;
  bool oldKey = false;  ///< not made with the first secret: make a new value when convenient

  explicit operator bool() const { return error == SealError::none; }
};

struct SealOptions {
  /// The first makes values, all open them: to rotate, put a new one in front, and drop the last when its values have
  /// expired. Each at least 32 random bytes, in any text form: `openssl rand -base64 32`.
  std::vector<std::string> secrets;
  /// Each purpose has keys of its own (HKDF-SHA-256, RFC 5869), so that a value made for one is never taken for
  /// another: "session", "reset password". Not empty.
  std::string purpose;
  std::size_t maxBytes = 4096;  ///< of the text. 1 to 1 MiB
  /// Seconds since 1970; the system's clock unless given.
  std::int64_t (*now)() = nullptr;
};

class SealKeys;

/// Encrypts and authenticates values: XAES-256-GCM, that is AES-256-GCM with a random nonce of 192 bits, which may be
/// drawn for each value without a counter (up to 2^80 values a key). A value is base64url of
///
///     | 1 | key id 4 | nonce 24 | encrypted: expiry 8, text n | tag 16 |      n + 53 bytes
///
/// Threads: any. Lifetime: of what it returns, the arena's. Allocates: when constructed, and once a thread; then
/// nothing on the heap. Errors: the constructor throws std::invalid_argument for secrets, a purpose or sizes that cannot
/// be used. Source: C2SP XAES-256-GCM, NIST SP 800-38D and 800-108.
class Sealer {
 public:
  explicit Sealer(SealOptions options);
  ~Sealer();
  Sealer(Sealer&&) noexcept;
  Sealer& operator=(Sealer&&) noexcept;

  /// `lifetimeSeconds`: 1 to 100 years. Errors: std::length_error for more than maxBytes, std::invalid_argument for
  /// another lifetime, std::runtime_error when OpenSSL or the system's random source fails.
  std::string_view seal(std::string_view text, std::int64_t lifetimeSeconds, Arena& arena) const;
  /// The time it takes depends on the length, not on what differs.
  Opened open(std::string_view sealed, Arena& arena) const;

  /// Length of the sealed form of a text of `bytes`.
  static std::size_t sealedBytes(std::size_t bytes);

 private:
  std::unique_ptr<const SealKeys> keys_;
};

/// Authenticates values that clients may read: HMAC-SHA-256. A value is base64url of
///
///     | 2 | key id 4 | expiry 8 | text n | HMAC 32 |      n + 45 bytes
///
/// Else as Sealer. Source: RFC 2104, FIPS 180-4.
class Signer {
 public:
  explicit Signer(SealOptions options);
  ~Signer();
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;

  std::string_view sign(std::string_view text, std::int64_t lifetimeSeconds, Arena& arena) const;
  Opened verify(std::string_view value, Arena& arena) const;

 private:
  std::unique_ptr<const SealKeys> keys_;
};

}  // namespace h3
