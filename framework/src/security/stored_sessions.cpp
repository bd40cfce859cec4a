#include <algorithm>
#include <array>

#include "http/base64.hpp"
#include "memory/random_bytes.hpp"
#include "security/session_carrier.hpp"
#include "security/sha256.hpp"

namespace h3::security {
namespace {

constexpr std::size_t kIdBytes = 24;
constexpr std::size_t kIdTextBytes = base64UrlBytes(kIdBytes);

class StoredSessions final : public SessionCarrier {
 public:
  explicit StoredSessions(const SessionOptions& options) : options_(options), store_(*options.store) {}

  void load(SessionState& session, std::int64_t now) override {
    const auto id = session.event.getCookie(options_.cookie);
    if (!id || id->size() != kIdTextBytes) return;
    session.key = sha256({*id});
    Arena& arena = session.event.arena();
    const auto record = store_.load(session.key, options_.ttlSeconds, arena);
    if (!record) return;
    const auto start = session.values.read(*record, arena);
    if (!start || now >= *start + options_.lifetimeSeconds) {
      session.values.clear();
      return store_.erase(session.key);
    }
    session.startSeconds = *start;
    session.existed = true;
  }

  // load() has renewed it.
  bool wantsRenewal(const SessionState&, std::int64_t) const override { return false; }

  void save(SessionState& session, std::uint32_t ttlSeconds) override {
    const std::string_view record = session.values.record(session.startSeconds, session.event.arena());
    if (session.existed && !session.rotated) {
      // When another request has destroyed or rotated it meanwhile, the browser has that one's cookie.
      (void)store_.replace(session.key, record, ttlSeconds);
      return;
    }
    std::array<std::uint8_t, kIdBytes> random;
    fillRandom(random);
    std::array<char, kIdTextBytes> id;
    encodeBase64Url(viewOf(random), id.data());
    const std::string_view idText(id.data(), id.size());
    store_.create(sha256({idText}), record, ttlSeconds);
    setCookie(session.event, options_.cookie, idText, sessionCookie(options_));
    if (session.existed) store_.erase(session.key);
  }

  void forget(SessionState& session) override {
    deleteCookie(session.event, options_.cookie, sessionCookie(options_));
    store_.erase(session.key);
  }

 private:
  const SessionOptions& options_;
  SessionStore& store_;
};

}  // namespace

std::unique_ptr<SessionCarrier> storedSessions(const SessionOptions& options) {
  return std::make_unique<StoredSessions>(options);
}

}  // namespace h3::security
