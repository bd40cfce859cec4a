#include "security/seal_keys.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <span>
#include <stdexcept>

#include "security/system_seconds.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMinSecretBytes = 32;
constexpr std::size_t kMaxSealBytes = 1024 * 1024;
constexpr std::int64_t kMaxLifetimeSeconds = std::int64_t{100} * 366 * 24 * 3600;

[[noreturn]] void refuseKeys(const std::string& problem) {
  throw std::invalid_argument("sealed values: " + problem);
}

void checkSealOptions(const SealOptions& options) {
  if (options.secrets.empty()) refuseKeys("no secret; make one with `openssl rand -base64 32`");
  if (options.purpose.empty()) refuseKeys("no purpose; name what the values are for, such as \"session\"");
  if (options.maxBytes == 0 || options.maxBytes > kMaxSealBytes)
    refuseKeys("maxBytes " + std::to_string(options.maxBytes) + ", expected 1 to 1048576");
  for (std::size_t i = 0; i < options.secrets.size(); ++i)
    if (options.secrets[i].size() < kMinSecretBytes)
      refuseKeys("secret " + std::to_string(i + 1) + " has " + std::to_string(options.secrets[i].size()) +
                 " bytes, expected at least 32; make one with `openssl rand -base64 32`");
}

// | encryption key 32 | MAC key 32 | id 4 |, of which a purpose uses one key.
SealKeys::Key deriveKey(std::string_view secret, std::string_view info) {
  std::array<std::uint8_t, 32 + 32 + SealKeys::kIdBytes> bytes;
  security::hkdfSha256(secret, {}, info, bytes);
  const std::span all(bytes);
  SealKeys::Key key{{}, security::XaesGcm(all.first<32>()), security::HmacSha256(all.subspan(32, 32))};
  std::copy_n(bytes.end() - SealKeys::kIdBytes, SealKeys::kIdBytes, key.id.begin());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

}  // namespace

SealKeys::SealKeys(std::string_view kind, SealOptions options)
    : maxBytes_(options.maxBytes), now_(options.now != nullptr ? options.now : security::systemSeconds) {
  checkSealOptions(options);
  const std::string info = std::string("h3 ").append(kind).append(" 1\n").append(options.purpose);
  for (std::string& secret : options.secrets) {
    Key key = deriveKey(secret, info);
    OPENSSL_cleanse(secret.data(), secret.size());
    if (find(key.idView()) != nullptr) refuseKeys("a secret is given twice; each must differ");
    keys_.push_back(std::move(key));
  }
}

const SealKeys::Key* SealKeys::find(std::string_view id) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [id](const Key& key) { return key.idView() == id; });
  return found == keys_.end() ? nullptr : &*found;
}

std::int64_t SealKeys::expiryOf(std::string_view text, std::int64_t lifetimeSeconds) const {
  if (text.size() > maxBytes_)
    throw std::length_error("a value to seal or sign has " + std::to_string(text.size()) +
                            " bytes, at most " + std::to_string(maxBytes_) + " by SealOptions::maxBytes");
  if (lifetimeSeconds < 1 || lifetimeSeconds > kMaxLifetimeSeconds)
    throw std::invalid_argument("the lifetime of a sealed or signed value is " +
                                std::to_string(lifetimeSeconds) + " s, expected 1 s to 100 years");
  return now_() + lifetimeSeconds;
}

Opened SealKeys::opened(std::string_view text, std::int64_t expiresSeconds, const Key& key) const {
  if (expiresSeconds <= now_()) return {.expiresSeconds = expiresSeconds, .error = SealError::expired};
  return {.text = text, .expiresSeconds = expiresSeconds, .oldKey = &key != &newest()};
}

}  // namespace h3
