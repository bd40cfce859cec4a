#include <algorithm>
#include <span>
#include <utility>

#include "h3http/sealer.hpp"
#include "http/base64.hpp"
#include "security/big_endian.hpp"
#include "security/seal_keys.hpp"

namespace h3 {
namespace {

constexpr char kSignedVersion = 2;
constexpr std::size_t kSignedHeadBytes = 1 + SealKeys::kIdBytes + 8;  // version, key id, expiry
constexpr std::size_t kSignedOverhead = kSignedHeadBytes + sizeof(security::Sha256Digest);

}  // namespace

Signer::Signer(SealOptions options) : keys_(std::make_unique<const SealKeys>("signed", std::move(options))) {}
Signer::~Signer() = default;
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;

std::string_view Signer::sign(std::string_view text, std::int64_t lifetimeSeconds, Arena& arena) const {
  const std::int64_t expires = keys_->expiryOf(text, lifetimeSeconds);
  const SealKeys::Key& key = keys_->newest();
  const std::span<char> bytes = arena.allocateChars(text.size() + kSignedOverhead);
  bytes[0] = kSignedVersion;
  std::copy(key.id.begin(), key.id.end(), bytes.begin() + 1);
  security::putBigEndian(static_cast<std::uint64_t>(expires), 8, bytes.data() + 1 + SealKeys::kIdBytes);
  std::copy(text.begin(), text.end(), bytes.begin() + kSignedHeadBytes);
  const security::Sha256Digest mac = key.hmac.mac({{bytes.data(), kSignedHeadBytes + text.size()}});
  std::copy(mac.begin(), mac.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(kSignedHeadBytes + text.size()));
  return encodeBase64Url({bytes.data(), bytes.size()}, arena);
}

Opened Signer::verify(std::string_view value, Arena& arena) const {
  if (value.size() > base64UrlBytes(keys_->maxBytes() + kSignedOverhead))
    return {.error = SealError::malformed};
  const auto decoded = decodeBase64(Base64::url, value, arena);
  if (!decoded || decoded->size() < kSignedOverhead || decoded->front() != kSignedVersion)
    return {.error = SealError::malformed};
  const SealKeys::Key* const key = keys_->find(decoded->substr(1, SealKeys::kIdBytes));
  if (key == nullptr) return {.error = SealError::unknownKey};
  const std::size_t macAt = decoded->size() - sizeof(security::Sha256Digest);
  const security::Sha256Digest mac = key->hmac.mac({decoded->substr(0, macAt)});
  if (!security::equalInConstantTime(security::viewOf(mac), decoded->substr(macAt)))
    return {.error = SealError::forged};
  return keys_->opened(
      decoded->substr(kSignedHeadBytes, macAt - kSignedHeadBytes),
      static_cast<std::int64_t>(security::readBigEndian(decoded->data() + 1 + SealKeys::kIdBytes, 8)), *key);
}

}  // namespace h3
