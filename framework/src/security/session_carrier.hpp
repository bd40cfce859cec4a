// How a session gets from one request to the next: through a store, or in cookies alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "h3http/sessions.hpp"
#include "security/session_values.hpp"

namespace h3 {

/// A session while its request runs. In the event's arena.
struct SessionState {
  const SessionOptions& options;
  Event& event;
  security::SessionValues values = {};
  std::int64_t startSeconds = 0;
  bool existed = false;  ///< the request came with it
  bool changed = false;
  bool rotated = false;
  bool destroyed = false;
  SessionKey key = {};              ///< of a stored session that existed
  unsigned cookies = 0;             ///< of a sealed session that came with the request
  std::int64_t expiresSeconds = 0;  ///< of a sealed session that existed
};

namespace security {

/// Threads: any; the event's parts belong to its worker.
class SessionCarrier {
 public:
  virtual ~SessionCarrier() = default;

  /// Fills in the session that came with the request, if there is a valid one, and sets `existed`.
  virtual void load(SessionState& session, std::int64_t now) = 0;
  /// Whether a session that did not change must be saved because it would expire too early.
  virtual bool wantsRenewal(const SessionState& session, std::int64_t now) const = 0;
  /// Keeps the session for `ttlSeconds`, under a new id when it is new or rotated.
  virtual void save(SessionState& session, std::uint32_t ttlSeconds) = 0;
  /// Forgets a session that existed, and has the browser delete it.
  virtual void forget(SessionState& session) = 0;
};

/// Ids in cookies, records in options.store.
std::unique_ptr<SessionCarrier> storedSessions(const SessionOptions& options);
/// Records in cookies. Errors: std::invalid_argument, see SealOptions.
std::unique_ptr<SessionCarrier> sealedSessions(const SessionOptions& options);

/// Attributes of the cookies of a session.
CookieOptions sessionCookie(const SessionOptions& options);

}  // namespace security
}  // namespace h3
