// Sessions: values that a server keeps for a browser, from one request to the next.
//
// In the library h3http::security, which needs OpenSSL 3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/app.hpp"
#include "h3http/session_store.hpp"
#include "h3http/set_cookie.hpp"

namespace h3 {

class SessionManager;
struct SessionState;

/// The session of one request: names and values.
///
/// A request without a session starts an empty one, which is kept, and gets its cookie, when a value is set. Changes
/// are kept when the response is decided, before it is sent, unless its status is 500 or above; when the store then fails,
/// the response becomes a 503.
/// Requests of one session that run concurrently see the values from before; the last one's changes win, all of them.
/// Lifetime: the event's; views that get() returns are valid until the same name is set again.
class Session {
 public:
  std::optional<std::string_view> get(std::string_view name) const;
  /// Copies both. Errors: std::length_error beyond SessionOptions::maxBytes or 64 names.
  void set(std::string_view name, std::string_view value);
  void erase(std::string_view name);
  /// Gives the session another id, forgets the old one, and starts its lifetime anew. Call it whenever its rights change, at login above all: an id
  /// that somebody planted or saw before is then worth nothing.
  void rotate();
  /// Forgets all values, and deletes session and cookie. Values that are set after this start a new session.
  void destroy();
  /// Whether the request came with a session.
  bool existed() const;

 private:
  friend class SessionManager;
  friend class Arena;
  explicit Session(SessionState& state) : state_(state) {}

  SessionState& state_;  // in the event's arena, as this is
};

struct SessionOptions {
  /// Keeps the sessions. Without it they are sealed into cookies of the browser, and the server keeps nothing: then
  /// `secrets` are needed, and a destroyed or rotated session that somebody has copied stays valid until it expires.
  std::shared_ptr<SessionStore> store = {};
  /// For sealed sessions, see SealOptions: the first seals, all open.
  std::vector<std::string> secrets = {};
  /// Name of the cookie. The prefix `__Host-` has browsers refuse one that a neighbour host or plain HTTP has set. A
  /// sealed session that is larger than a cookie goes on in "NAME-1" and "NAME-2".
  std::string cookie = "__Host-session";
  std::uint32_t ttlSeconds = 30 * 60;  ///< without a request that uses the session. 1 to lifetimeSeconds
  std::uint32_t lifetimeSeconds =
      12 * 60 * 60;             ///< from its start, however much it is used. At most 400 days
  std::size_t maxBytes = 4096;  ///< of names and values. 64 to 1 MiB in a store, to 8,192 when sealed
  bool persistent = false;      ///< the browser keeps the cookie when it closes, for lifetimeSeconds
  bool secure = true;           ///< false only for development over plain HTTP; then not with `__Host-`
  SameSite sameSite = SameSite::lax;
  std::int64_t (*nowSeconds)() = nullptr;  ///< since 1970; the system's clock unless given
};

/// Gives the requests of an app sessions: session(event), in handlers and in middleware.
///
/// A request that does not call session() costs one pointer. An id is 192 random bits; one that is not in the store is
/// never adopted, so no client can choose another's id. A response that sets the cookie has `Cache-Control: no-store`
/// unless the handler set that field, and one that depends on the session `Vary: Cookie`. Call it before hooks that log
/// or change responses are added. Allocates: nothing on the heap by itself when warm; a store may. Errors:
/// std::invalid_argument for options that cannot be used; the message has the fix.
void sessions(App& app, SessionOptions options);

/// The request's session. Errors: std::logic_error when the app has no sessions(); SessionStoreError, which results in a
/// 503, when the store cannot be reached.
Session& session(Event& event);

}  // namespace h3
