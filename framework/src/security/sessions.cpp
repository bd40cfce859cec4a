#include "h3http/sessions.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/cookie_rules.hpp"
#include "app/event_state.hpp"
#include "app/failure_log.hpp"
#include "http/status.hpp"
#include "security/session_carrier.hpp"
#include "security/system_seconds.hpp"

namespace h3 {
namespace {

constexpr std::uint32_t kMaxSessionSeconds = 400 * 24 * 3600;  // browsers keep no cookie longer
constexpr std::size_t kMinSessionBytes = 64;
constexpr std::size_t kMaxSessionBytes = 1024 * 1024;

[[noreturn]] void refuseSessions(const std::string& problem) {
  throw std::invalid_argument("sessions: " + problem);
}

void checkSessionOptions(const SessionOptions& options) {
  if (!options.store && options.secrets.empty())
    refuseSessions(
        "neither a store nor secrets; give a MemorySessionStore, or secrets to seal sessions into cookies");
  if (options.store && !options.secrets.empty())
    refuseSessions("a store and secrets; secrets are for sessions without a store");
  if (options.lifetimeSeconds < 1 || options.lifetimeSeconds > kMaxSessionSeconds)
    refuseSessions("lifetimeSeconds " + std::to_string(options.lifetimeSeconds) +
                   ", expected 1 to 34560000 (400 days)");
  if (options.ttlSeconds < 1 || options.ttlSeconds > options.lifetimeSeconds)
    refuseSessions("ttlSeconds " + std::to_string(options.ttlSeconds) + ", expected 1 to lifetimeSeconds, " +
                   std::to_string(options.lifetimeSeconds));
  if (options.maxBytes < kMinSessionBytes || options.maxBytes > kMaxSessionBytes)
    refuseSessions("maxBytes " + std::to_string(options.maxBytes) + ", expected 64 to 1048576");
}

}  // namespace

namespace security {

CookieOptions sessionCookie(const SessionOptions& options) {
  CookieOptions cookie = {.secure = options.secure, .sameSite = options.sameSite};
  if (options.persistent) cookie.maxAgeSeconds = options.lifetimeSeconds;
  return cookie;
}

}  // namespace security

/// Opens and keeps the sessions of an app. Threads: any.
class SessionManager {
 public:
  explicit SessionManager(SessionOptions options)
      : options_(std::move(options)),
        nowSeconds_(options_.nowSeconds != nullptr ? options_.nowSeconds : security::systemSeconds) {
    checkSessionOptions(options_);
    checkCookie(options_.cookie, {}, security::sessionCookie(options_));
    carrier_ = options_.store ? security::storedSessions(options_) : security::sealedSessions(options_);
  }

  Session& open(Event& event) {
    Arena& arena = event.arena();
    auto& state = *arena.make<SessionState>(SessionState{options_, event});
    try {
      carrier_->load(state, nowSeconds_());
    } catch (const SessionStoreError& failure) {
      logFailure(event, "sessions cannot be loaded", failure.detail());
      throw;
    }
    if (!state.existed) state.startSeconds = nowSeconds_();
    return *arena.make<Session>(state);
  }

  /// Keeps what the request has changed. Errors: those of the store.
  void commit(Event& event, Session& session) {
    SessionState& state = session.state_;
    event.appendHeader("Vary", "Cookie");
    const bool forgets = state.destroyed && state.existed;
    if (forgets) {
      carrier_->forget(state);
      state.existed = false;
    }
    if (state.destroyed || state.rotated) state.startSeconds = nowSeconds_();
    const bool saves = event.status() < 500 && needsSave(state);
    if (saves) carrier_->save(state, ttlSeconds(state));
    if ((forgets || saves) && !event.responseHeader("Cache-Control"))
      event.setHeader("Cache-Control", "no-store");
  }

 private:
  bool needsSave(const SessionState& state) const {
    if (!state.existed) return !state.values.empty();
    return state.changed || state.rotated || carrier_->wantsRenewal(state, nowSeconds_());
  }

  std::uint32_t ttlSeconds(const SessionState& state) const {
    const std::int64_t left = state.startSeconds + options_.lifetimeSeconds - nowSeconds_();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 1, options_.ttlSeconds));
  }

  SessionOptions options_;
  std::int64_t (*nowSeconds_)();
  std::unique_ptr<security::SessionCarrier> carrier_;
};

namespace {

// The response would say that something is kept which is not: it becomes an error.
void failResponse(Event& event, int status, std::string_view problem) {
  logFailure(event, "sessions cannot be kept", problem);
  event.setStatus(status);
  event.sendText(reasonPhrase(status));
}

void commitSession(Event& event) {
  EventState& state = EventState::of(event);
  if (state.extras == nullptr || state.extras->session == nullptr) return;
  Session& session = *std::exchange(state.extras->session, nullptr);
  try {
    state.extras->sessions->commit(event, session);
  } catch (const SessionStoreError& failure) {
    failResponse(event, 503, failure.detail());
  } catch (const std::exception& failure) {
    failResponse(event, 500, failure.what());
  }
}

}  // namespace

std::optional<std::string_view> Session::get(std::string_view name) const { return state_.values.find(name); }

void Session::set(std::string_view name, std::string_view value) {
  state_.values.set(state_.event.arena(), name, value, state_.options.maxBytes);
  state_.changed = true;
}

void Session::erase(std::string_view name) {
  if (state_.values.erase(name)) state_.changed = true;
}

void Session::rotate() { state_.rotated = true; }

void Session::destroy() {
  state_.values.clear();
  state_.changed = false;
  state_.destroyed = true;
}

bool Session::existed() const { return state_.existed; }

void sessions(App& app, SessionOptions options) {
  const auto manager = std::make_shared<SessionManager>(std::move(options));
  app.onRequest([manager](Event& event) { EventState::of(event).getExtras().sessions = manager.get(); });
  app.onResponse(commitSession);
}

Session& session(Event& event) {
  EventExtras& extras = EventState::of(event).getExtras();
  if (extras.session == nullptr) {
    if (extras.sessions == nullptr)
      throw std::logic_error(
          "session() in an app without sessions; call h3::sessions(app, {...}) at the start");
    extras.session = &extras.sessions->open(event);
  }
  return *extras.session;
}

}  // namespace h3
