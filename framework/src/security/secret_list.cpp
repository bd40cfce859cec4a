#include <array>
#include <memory>
#include <stdexcept>

#include "h3http/auth.hpp"
#include "memory/random_bytes.hpp"
#include "security/big_endian.hpp"
#include "security/sha256.hpp"

namespace h3 {
namespace {

using security::HmacSha256;
using security::Sha256Digest;
using security::viewOf;

constexpr std::size_t kMinTokenBytes = 16;

std::array<std::uint8_t, 32> randomKey() {
  std::array<std::uint8_t, 32> key;
  fillRandom(key);
  return key;
}

// Secrets as HMACs under a key of this process: all are compared, each in full, so the time says only how many there are.
class SecretList {
 public:
  void add(std::string_view name, std::string_view secret) { macs_.push_back(macOf(name, secret)); }

  bool contains(std::string_view name, std::string_view secret) const {
    const Sha256Digest mac = macOf(name, secret);
    unsigned found = 0;
    for (const Sha256Digest& each : macs_)
      found |= static_cast<unsigned>(security::equalInConstantTime(viewOf(mac), viewOf(each)));
    return found != 0;
  }

 private:
  // The name's length keeps ("a", "bc") and ("ab", "c") apart.
  Sha256Digest macOf(std::string_view name, std::string_view secret) const {
    std::array<char, 8> length;
    security::putBigEndian(name.size(), length.size(), length.data());
    return hmac_.mac({{length.data(), length.size()}, name, secret});
  }

  HmacSha256 hmac_{randomKey()};
  std::vector<Sha256Digest> macs_;
};

}  // namespace

VerifyPassword basicUsers(const std::vector<std::pair<std::string, std::string>>& users) {
  if (users.empty()) throw std::invalid_argument("basicUsers: no users");
  const auto list = std::make_shared<SecretList>();
  for (const auto& [user, password] : users) {
    if (user.empty() || password.empty() || user.find(':') != std::string::npos)
      throw std::invalid_argument("basicUsers: user \"" + user +
                                  "\", expected a name without ':' and a password, neither empty");
    list->add(user, password);
  }
  return [list](Event&, std::string_view user, std::string_view password) {
    return list->contains(user, password);
  };
}

VerifyToken bearerTokens(const std::vector<std::string>& tokens) {
  if (tokens.empty()) throw std::invalid_argument("bearerTokens: no tokens");
  const auto list = std::make_shared<SecretList>();
  for (const std::string& token : tokens) {
    if (token.size() < kMinTokenBytes)
      throw std::invalid_argument("bearerTokens: a token has " + std::to_string(token.size()) +
                                  " bytes, expected at least 16; make one with `openssl rand -base64 32`");
    list->add({}, token);
  }
  return [list](Event&, std::string_view token) { return list->contains({}, token); };
}

// Digests have one length, and their difference tells nothing about the texts.
bool equalSecrets(std::string_view given, std::string_view expected) {
  const Sha256Digest first = security::sha256({given});
  const Sha256Digest second = security::sha256({expected});
  return security::equalInConstantTime(viewOf(first), viewOf(second));
}

}  // namespace h3
