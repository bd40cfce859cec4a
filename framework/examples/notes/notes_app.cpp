#include "notes_app.hpp"

#include <chrono>
#include <memory>

#include "h3http/content_security_policy.hpp"
#include "h3http/csrf.hpp"
#include "h3http/expose_metrics.hpp"
#include "h3http/health.hpp"
#include "h3http/problem_details.hpp"
#include "h3http/security_headers.hpp"
#include "h3http/sessions.hpp"
#include "h3http/static_files.hpp"

namespace notes {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPolicy =
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

// Without a user nothing below /api is reached, not even the body of an upload.
h3::FastResult requireUser(h3::Event& event) {
  if (h3::session(event).get("user")) return h3::FastResult::next;
  h3::sendProblem(event, {.status = 401, .detail = "log in first"});
  return h3::FastResult::stop;
}

}  // namespace

h3::App makeNotesApp(NotesStore& store, const NotesOptions& options) {
  h3::App app;
  h3::sessions(app, {.store = std::make_shared<h3::MemorySessionStore>(),
                     .cookie = options.secureCookies ? "__Host-notes" : "notes",
                     .secure = options.secureCookies});
  app.useFast(h3::securityHeaders());
  app.useFast(h3::contentSecurityPolicy(kPolicy));
  app.useFast(h3::csrf());
  app.useFast({.prefix = "/api"}, requireUser);
  app.limitTime(30s);
  addAccounts(app, store);
  addNotesApi(app, store, options);
  h3::healthEndpoints(app);
  h3::exposeMetrics(app, "/metrics", "/metrics.json");
  app.get("/**:path", h3::serveStatic({.root = options.web.string(), .cacheControl = "no-cache"}));
  return app;
}

}  // namespace notes
