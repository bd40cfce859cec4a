// h3-login: a login with sessions, CSRF tokens, rate limits and sealed links. What the scenarios `sessions` and
// `rate_limit` drive, and an example to read.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include "h3http/auth.hpp"
#include "h3http/csrf.hpp"
#include "h3http/h3.hpp"
#include "h3http/sealer.hpp"
#include "h3http/sessions.hpp"

namespace {

using h3::Event;

struct Options {
  std::string user = "ada";
  std::string password = "analytical engine";
  std::string adminToken = "an-example-token-for-scenarios";
  std::string secret = "only an example: make yours with openssl rand";
  std::uint32_t sessions = 100'000;
  std::uint32_t limitedKeys = 100'000;
  h3::Config config = h3::Config::production();
};

std::string_view formField(Event& event, std::string_view name) {
  return h3::QueryParams(event.readBody()).find(name, event.arena()).value_or("");
}

/// The form, and who is logged in. The token and the nonce are base64url: they need no escaping.
void showHome(Event& event) {
  std::pmr::string page(&event.arena().resource());
  page.append("<!doctype html><title>login</title><style nonce=\"").append(h3::cspNonce(event));
  page.append("\">body{font-family:sans-serif}</style><form method=\"post\" action=\"");
  const bool known = h3::session(event).get("user").has_value();
  page.append(known ? "/logout" : "/login").append("\"><input type=\"hidden\" name=\"csrf_token\" value=\"");
  page.append(h3::csrfToken(event)).append("\">");
  if (!known) page.append("<input name=\"user\"><input name=\"password\" type=\"password\">");
  page.append(known ? "<button>log out</button>" : "<button>log in</button>").append("</form>");
  event.setHeader("Cache-Control", "no-store");
  event.sendHtml(page);
}

void addLogin(h3::App& app, const Options& options) {
  h3::sessions(app, {.store = std::make_shared<h3::MemorySessionStore>(
                         h3::MemorySessionStoreOptions{.maxEntries = options.sessions})});
  app.useFast(h3::contentSecurityPolicy());
  app.useFast(h3::csrf({.secrets = {options.secret}}));
  app.get("/", showHome);
  // Five tries a minute from one address: who guesses passwords must wait.
  app.post("/login",
           [verify = h3::basicUsers({{options.user, options.password}})](Event& event) {
             const std::string_view user = formField(event, "user");
             if (!verify(event, user, formField(event, "password"))) throw h3::HttpError(403);
             h3::session(event).rotate();
             h3::session(event).set("user", user);
             event.redirect("/", 303);
           })
      .useFast(h3::rateLimit({.rule = {5, 60}, .name = "login"}));
  app.post("/logout", [](Event& event) {
    h3::session(event).destroy();
    event.redirect("/", 303);
  });
  app.get("/me", [](Event& event) {
    event.sendJson({{"user", h3::session(event).get("user").value_or("")}});
  });
  app.get("/visit", [](Event& event) {
    h3::session(event).set("first_page", event.getQuery("page").value_or("/"));
    event.sendView("welcome", "text/plain");
  });
}

/// A link that carries what it is for: no client can read or change it, and it ends after a day.
void addInvitations(h3::App& app, const Options& options) {
  const auto sealer = std::make_shared<const h3::Sealer>(
      h3::SealOptions{.secrets = {options.secret}, .purpose = "invitation", .maxBytes = 256, .now = nullptr});
  app.get("/invite", [sealer](Event& event) {
    event.sendText(sealer->seal(event.getQuery("name").value_or("somebody"), 24 * 3600, event.arena()));
  });
  app.get("/join/:invitation", [sealer](Event& event) {
    const h3::Opened invitation = sealer->open(*event.getParam("invitation"), event.arena());
    if (!invitation) return event.setStatus(403).sendView("This invitation is not valid.", "text/plain");
    event.sendText(invitation.text);
  });
}

/// An interface for programs: a key each, and an administrator's token.
void addInterface(h3::App& app, const Options& options) {
  h3::RateLimitOptions limit;
  limit.rule = {10, 60};
  limit.key = [](Event& event) { return event.getHeader("X-Api-Key").value_or("none"); };
  limit.store = std::make_shared<h3::MemoryRateLimitStore>(options.limitedKeys);
  limit.name = "api";
  app.get("/api/time", [](Event& event) { event.sendView("now", "text/plain"); })
      .useFast(h3::rateLimit(limit));
  app.get("/admin", [](Event& event) { event.sendView("hello", "text/plain"); })
      .useFast(h3::bearerAuth(h3::bearerTokens({options.adminToken}), "admin"));
}

Options readOptions(CLI::App& command, int argc, char** argv) {
  Options options;
  command.add_option("--port", options.config.port, "TCP port on 127.0.0.1; 0 lets the system choose");
  command.add_option("--threads", options.config.threads, "worker threads");
  command.add_option("--user", options.user, "who may log in")->capture_default_str();
  command.add_option("--password", options.password, "with this password");
  command.add_option("--admin-token", options.adminToken, "token for /admin");
  command.add_option("--secret", options.secret, "seals links and signs tokens; at least 32 bytes");
  command.add_option("--sessions", options.sessions, "sessions that are kept at most")->capture_default_str();
  command.add_option("--limited-keys", options.limitedKeys, "keys whose rate is kept at most")
      ->capture_default_str();
  command.parse(argc, argv);
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command("h3-login: sessions, CSRF tokens, rate limits and sealed links", "h3-login");
  try {
    const Options options = readOptions(command, argc, argv);
    h3::App app;
    app.get("/health", [](Event& event) { event.sendView("ok", "text/plain"); });
    h3::exposeMetrics(app, "/metrics", "/metrics.json");
    addLogin(app, options);
    addInvitations(app, options);
    addInterface(app, options);
    return h3::serve(app, options.config);
  } catch (const CLI::ParseError& error) {
    return command.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "h3-login: " << error.what() << '\n';
    return 2;
  }
}
