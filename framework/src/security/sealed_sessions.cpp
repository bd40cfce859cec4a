#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "h3http/sealer.hpp"
#include "security/session_carrier.hpp"

namespace h3::security {
namespace {

constexpr unsigned kMaxCookies = 3;      // with other fields they must fit LimitConfig::headerBytes, 16 KiB
constexpr std::size_t kCountBytes = 2;   // "2." before the first part: of how many
constexpr std::size_t kSuffixBytes = 2;  // "-1", "-2" behind the name

// The sealed record, cut into cookies:
//
//     NAME=3.AQ8f...   NAME-1=kJ3s...   NAME-2=Zm9v
class SealedSessions final : public SessionCarrier {
 public:
  explicit SealedSessions(const SessionOptions& options)
      : options_(options),
        sealer_({.secrets = options.secrets,
                 .purpose = "session in cookie " + options.cookie,
                 .maxBytes = SessionValues::maxRecordBytes(options.maxBytes),
                 .now = options.nowSeconds}) {
    for (unsigned i = 0; i < kMaxCookies; ++i)
      names_[i] = i == 0 ? options.cookie : options.cookie + "-" + std::to_string(i);
    const std::size_t bytes = Sealer::sealedBytes(SessionValues::maxRecordBytes(options.maxBytes));
    if (bytes > kMaxCookies * partBytes() || options.cookie.size() > 128)
      throw std::invalid_argument("sessions: sealed sessions of maxBytes " +
                                  std::to_string(options.maxBytes) + " in cookies \"" + options.cookie +
                                  "\" do not fit 3 cookies, expected at most 8192; larger ones need a store");
  }

  void load(SessionState& session, std::int64_t now) override {
    const std::string_view sealed = joined(session);
    if (sealed.empty()) return;
    Arena& arena = session.event.arena();
    const Opened opened = sealer_.open(sealed, arena);
    if (!opened) return;
    const auto start = session.values.read(opened.text, arena);
    if (!start || now >= *start + options_.lifetimeSeconds) return session.values.clear();
    session.startSeconds = *start;
    session.expiresSeconds = opened.oldKey ? now : opened.expiresSeconds;  // with an old key: renewed at once
    session.existed = true;
  }

  // Each renewal sends the whole session: only when a quarter of its time is over.
  bool wantsRenewal(const SessionState& session, std::int64_t now) const override {
    const std::int64_t end = session.startSeconds + options_.lifetimeSeconds;
    const std::int64_t renewed = std::min<std::int64_t>(now + options_.ttlSeconds, end);
    return session.existed && renewed - session.expiresSeconds >= std::max(options_.ttlSeconds / 4, 1U);
  }

  void save(SessionState& session, std::uint32_t ttlSeconds) override {
    Arena& arena = session.event.arena();
    const std::string_view record = session.values.record(session.startSeconds, arena);
    const std::string_view sealed = sealer_.seal(record, ttlSeconds, arena);
    const std::size_t count = (sealed.size() + partBytes() - 1) / partBytes();
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view part = sealed.substr(i * partBytes(), partBytes());
      setCookie(session.event, names_[i], i == 0 ? withCount(count, part, arena) : part,
                sessionCookie(options_));
    }
    deleteFrom(session, count);
  }

  void forget(SessionState& session) override { deleteFrom(session, 0); }

 private:
  std::size_t partBytes() const {
    return kMaxCookieBytes - options_.cookie.size() - kSuffixBytes - kCountBytes;
  }

  static std::string_view withCount(std::size_t count, std::string_view part, Arena& arena) {
    const std::span<char> text = arena.allocateChars(kCountBytes + part.size());
    text[0] = static_cast<char>('0' + count);
    text[1] = '.';
    std::copy(part.begin(), part.end(), text.begin() + kCountBytes);
    return {text.data(), text.size()};
  }

  // Deletes the cookies of the request from the given one on.
  void deleteFrom(SessionState& session, std::size_t first) {
    for (std::size_t i = first; i < session.cookies; ++i)
      deleteCookie(session.event, names_[i], sessionCookie(options_));
  }

  // The parts of the request in one text; "" when one is missing. What they are, the seal says.
  std::string_view joined(SessionState& session) const {
    const std::string_view first = session.event.getCookie(names_[0]).value_or("");
    if (first.size() < kCountBytes || first[0] < '1' || first[0] > static_cast<char>('0' + kMaxCookies) ||
        first[1] != '.')
      return {};
    std::array<std::string_view, kMaxCookies> parts = {first.substr(kCountBytes)};
    const auto count = static_cast<unsigned>(first[0] - '0');
    std::size_t bytes = parts[0].size();
    for (unsigned i = 1; i < count; ++i) {
      parts[i] = session.event.getCookie(names_[i]).value_or("");
      if (parts[i].empty()) return {};
      bytes += parts[i].size();
    }
    session.cookies = count;
    if (count == 1) return parts[0];
    const std::span<char> text = session.event.arena().allocateChars(bytes);
    char* out = text.data();
    for (const std::string_view part : parts) out = std::copy(part.begin(), part.end(), out);
    return {text.data(), text.size()};
  }

  const SessionOptions& options_;
  Sealer sealer_;
  std::array<std::string, kMaxCookies> names_;
};

}  // namespace

std::unique_ptr<SessionCarrier> sealedSessions(const SessionOptions& options) {
  return std::make_unique<SealedSessions>(options);
}

}  // namespace h3::security
