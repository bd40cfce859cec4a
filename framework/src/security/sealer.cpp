#include "h3http/sealer.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "http/base64.hpp"
#include "memory/random_bytes.hpp"
#include "security/big_endian.hpp"
#include "security/seal_keys.hpp"

namespace h3 {
namespace {

using security::XaesGcm;

constexpr char kSealedVersion = 1;
constexpr std::size_t kSealedKnownBytes =
    1 + SealKeys::kIdBytes;  // version and key id: authenticated, not secret
constexpr std::size_t kSealedHeadBytes = kSealedKnownBytes + XaesGcm::kNonceBytes;
constexpr std::size_t kSealedExpiryBytes = 8;
constexpr std::size_t kSealedOverhead = kSealedHeadBytes + kSealedExpiryBytes + XaesGcm::kTagBytes;

// The parts of a sealed value's bytes.
struct SealedParts {
  explicit SealedParts(std::span<char> bytes)
      : known(bytes.data(), kSealedKnownBytes),
        nonceBytes(bytes.subspan(kSealedKnownBytes, XaesGcm::kNonceBytes)),
        secret(bytes.subspan(kSealedHeadBytes, bytes.size() - kSealedHeadBytes - XaesGcm::kTagBytes)),
        tag(bytes.data() + bytes.size() - XaesGcm::kTagBytes) {}

  std::span<std::uint8_t, XaesGcm::kNonceBytes> nonce() const {
    return std::span<std::uint8_t, XaesGcm::kNonceBytes>(reinterpret_cast<std::uint8_t*>(nonceBytes.data()),
                                                         XaesGcm::kNonceBytes);
  }

  std::string_view known;
  std::span<char> nonceBytes;
  std::span<char> secret;  ///< expiry and text
  char* tag;
};

}  // namespace

Sealer::Sealer(SealOptions options) : keys_(std::make_unique<const SealKeys>("sealed", std::move(options))) {}
Sealer::~Sealer() = default;
Sealer::Sealer(Sealer&&) noexcept = default;
Sealer& Sealer::operator=(Sealer&&) noexcept = default;

std::size_t Sealer::sealedBytes(std::size_t bytes) { return base64UrlBytes(bytes + kSealedOverhead); }

std::string_view Sealer::seal(std::string_view text, std::int64_t lifetimeSeconds, Arena& arena) const {
  const std::int64_t expires = keys_->expiryOf(text, lifetimeSeconds);
  const SealKeys::Key& key = keys_->newest();
  const std::span<char> bytes = arena.allocateChars(text.size() + kSealedOverhead);
  bytes[0] = kSealedVersion;
  std::copy(key.id.begin(), key.id.end(), bytes.begin() + 1);
  const SealedParts parts(bytes);
  fillRandom(parts.nonce());
  security::putBigEndian(static_cast<std::uint64_t>(expires), 8, parts.secret.data());
  std::copy(text.begin(), text.end(), parts.secret.begin() + kSealedExpiryBytes);
  key.cipher.seal(parts.nonce(), parts.known, parts.secret, parts.tag);
  return encodeBase64Url({bytes.data(), bytes.size()}, arena);
}

Opened Sealer::open(std::string_view sealed, Arena& arena) const {
  if (sealed.size() > sealedBytes(keys_->maxBytes())) return {.error = SealError::malformed};
  const auto decoded = decodeBase64(Base64::url, sealed, arena);
  if (!decoded || decoded->size() < kSealedOverhead || decoded->front() != kSealedVersion)
    return {.error = SealError::malformed};
  const SealKeys::Key* const key = keys_->find(decoded->substr(1, SealKeys::kIdBytes));
  if (key == nullptr) return {.error = SealError::unknownKey};
  // The decoded bytes are the arena's, and only seen here.
  const SealedParts parts({const_cast<char*>(decoded->data()), decoded->size()});
  if (!key->cipher.open(parts.nonce(), parts.known, parts.secret, parts.tag))
    return {.error = SealError::forged};
  const std::span<char> text = parts.secret.subspan(kSealedExpiryBytes);
  return keys_->opened({text.data(), text.size()},
                       static_cast<std::int64_t>(security::readBigEndian(parts.secret.data(), 8)), *key);
}

std::string_view nameOf(SealError error) {
  switch (error) {
    case SealError::none:
      return "none";
    case SealError::malformed:
      return "malformed";
    case SealError::unknownKey:
      return "unknown key";
    case SealError::forged:
      return "forged";
    case SealError::expired:
      return "expired";
  }
  return "none";
}

}  // namespace h3
