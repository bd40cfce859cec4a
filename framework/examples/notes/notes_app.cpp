#include "notes_app.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "h3http/content_security_policy.hpp"
#include "h3http/cors.hpp"
#include "h3http/csrf.hpp"
#include "h3http/error_pages.hpp"
#include "h3http/expose_metrics.hpp"
#include "h3http/health.hpp"
#include "h3http/openapi.hpp"
#include "h3http/problem_details.hpp"
#include "h3http/security_headers.hpp"
#include "h3http/sessions.hpp"
#include "h3http/static_files.hpp"

namespace notes {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPolicy =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// Without a user nothing below /api is reached, not even the body of an upload.
h3::FastResult requireUser(h3::Event& event) {
  if (h3::session(event).get("user")) return h3::FastResult::next;
  h3::sendProblem(event, {.status = 401, .detail = "log in first"});
  return h3::FastResult::stop;
}

std::vector<std::string> trusted(const std::string& origin) {
  if (origin.empty()) return {};
  return {origin};
}

// Before the guards: a preflight has no cookie. The session's cookie is for pages of the same site only (SameSite=Lax).
void letIn(h3::App& app, const std::string& origin) {
  using h3::Method;
  app.useFast({.prefix = "/api"},
              h3::cors({.origins = {origin},
                        .methods = {Method::get, Method::head, Method::post, Method::put, Method::del},
                        .headers = {"Content-Type"},
                        .exposeHeaders = {"Location"},
                        .credentials = true}));
}

}  // namespace

h3::App makeNotesApp(NotesStore& store, const NotesOptions& options) {
  h3::App app;
  h3::sessions(app, {.store = std::make_shared<h3::MemorySessionStore>(),
                     .cookie = options.secureCookies ? "__Host-notes" : "notes",
                     .secure = options.secureCookies});
  app.useFast(h3::securityHeaders());
  app.useFast(h3::contentSecurityPolicy(kPolicy));
  if (!options.origin.empty()) letIn(app, options.origin);
  app.useFast(h3::csrf({.trustedOrigins = trusted(options.origin)}));
  app.useFast({.prefix = "/api"}, requireUser);
  h3::errorPages(app, {.formats = {h3::ErrorFormat::json, h3::ErrorFormat::html, h3::ErrorFormat::text}});
  app.limitTime(30s);
  const std::string cookie = options.secureCookies ? "__Host-notes" : "notes";
  h3::openApi(
      app,
      {.title = "Notes",
       .version = "1.0",
       .securitySchemes = {{.name = "session", .kind = h3::SecurityScheme::Kind::cookie, .field = cookie}},
       .security = {"session"}});
  addAccounts(app, store);
  addNotesApi(app, store, options);
  h3::healthEndpoints(app);
  h3::exposeMetrics(app, "/metrics", "/metrics.json");
  app.get("/**:path", h3::serveStatic({.root = options.web.string(), .cacheControl = "no-cache"})).hidden();
  return app;
}

}  // namespace notes
