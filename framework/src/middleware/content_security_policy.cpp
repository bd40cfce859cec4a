#include "h3http/content_security_policy.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "http/base64.hpp"
#include "memory/random_bytes.hpp"
#include "protocol/response_writer.hpp"

namespace h3 {
namespace {

constexpr std::string_view kNonceMark = "{nonce}";
constexpr std::string_view kNonceKey = "csp_nonce";
constexpr std::size_t kNonceBytes = 16;

using NonceText = std::array<char, base64UrlBytes(kNonceBytes)>;

// A policy, cut at its nonces.
class PolicyText {
 public:
  PolicyText(std::string policy, std::string_view field) : policy_(std::move(policy)) {
    protocol::checkResponseField(field, policy_);
    std::string_view rest = policy_;
    for (std::size_t mark = rest.find(kNonceMark); mark != std::string_view::npos;
         mark = rest.find(kNonceMark)) {
      parts_.push_back(rest.substr(0, mark));
      rest.remove_prefix(mark + kNonceMark.size());
    }
    parts_.push_back(rest);
    for (const std::string_view part : parts_)
      if (part.find_first_of("{}") != std::string_view::npos)
        throw std::invalid_argument("content security policy: \"" + std::string(part) +
                                    "\" holds a brace; only {nonce} is replaced");
  }
  PolicyText(const PolicyText&) = delete;
  PolicyText& operator=(const PolicyText&) = delete;

  bool hasNonce() const { return parts_.size() > 1; }

  std::string_view with(std::string_view nonce, Arena& arena) const {
    const std::size_t marks = parts_.size() - 1;
    const std::span<char> text =
        arena.allocateChars(policy_.size() - marks * kNonceMark.size() + marks * nonce.size());
    char* out = std::copy(parts_[0].begin(), parts_[0].end(), text.data());
    for (std::size_t i = 1; i < parts_.size(); ++i) {
      out = std::copy(nonce.begin(), nonce.end(), out);
      out = std::copy(parts_[i].begin(), parts_[i].end(), out);
    }
    return {text.data(), text.size()};
  }

 private:
  std::string policy_;
  std::vector<std::string_view> parts_;  ///< views into policy_
};

NonceText randomNonce() {
  std::array<std::uint8_t, kNonceBytes> bytes;
  fillRandom(bytes);
  NonceText text;
  encodeBase64Url({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, text.data());
  return text;
}

}  // namespace

FastMiddleware contentSecurityPolicy(std::string policy, bool reportOnly) {
  const std::string_view field =
      reportOnly ? "Content-Security-Policy-Report-Only" : "Content-Security-Policy";
  const auto setPolicy = [text = std::make_shared<const PolicyText>(std::move(policy), field),
                          field](Event& event) {
    if (!text->hasNonce()) {
      event.setHeader(field, text->with({}, event.arena()));
      return FastResult::next;
    }
    const NonceText random = randomNonce();
    const std::string_view nonce(random.data(), random.size());
    event.setContext(kNonceKey, nonce);
    event.setHeader(field, text->with(nonce, event.arena()));
    return FastResult::next;
  };
  return FastMiddleware(setPolicy).alsoOnRefusals();
}

std::string_view cspNonce(const Event& event) { return event.getContext(kNonceKey).value_or(""); }

}  // namespace h3
