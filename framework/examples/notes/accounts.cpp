// Registration, login and logout, by forms.
#include <optional>
#include <string>

#include "h3http/async.hpp"
#include "h3http/blocking.hpp"
#include "h3http/forms.hpp"
#include "h3http/rate_limit.hpp"
#include "h3http/sessions.hpp"
#include "h3http/typed_values.hpp"
#include "notes_app.hpp"
#include "password_hash.hpp"

namespace notes {
namespace {

using Work = boost::asio::awaitable<void>;
using h3::Event;

constexpr int kSeeOther = 303;

constexpr auto kName = h3::inForm<std::string_view>("name", {.minBytes = 1, .maxBytes = 40});
constexpr auto kPassword = h3::inForm<std::string_view>("password", {.minBytes = 8, .maxBytes = 200});

// Rotated: a session id from before the login is worth nothing.
void logIn(Event& event, std::int64_t user) {
  h3::Session& session = h3::session(event);
  session.rotate();
  session.set("user", std::to_string(user));
  event.redirect("/", kSeeOther);
}

Work registerUser(Event& event, NotesStore& store, std::string_view name, std::string_view password) {
  const std::optional<std::int64_t> user =
      co_await h3::blocking(event, [&] { return store.addUser(std::string(name), hashPassword(password)); });
  if (!user) throw h3::HttpError(409, "this name is taken");
  logIn(event, *user);
}

Work login(Event& event, NotesStore& store, std::string_view name, std::string_view password) {
  std::int64_t user = 0;
  const bool known = co_await h3::blocking(event, [&] {
    const std::optional<User> found = store.findUser(std::string(name));
    if (found) user = found->id;
    return isPassword(password, found ? found->passwordHash : std::string()) && found.has_value();
  });
  if (!known) throw h3::HttpError(403, "name or password is wrong");
  logIn(event, user);
}

void logout(Event& event) {
  h3::session(event).destroy();
  event.redirect("/", kSeeOther);
}

}  // namespace

void addAccounts(h3::App& app, NotesStore& store) {
  const auto limited = h3::rateLimit({.rule = {.requests = 10, .windowSeconds = 60}, .name = "login"});
  app.post("/register", h3::withValues(
                            [&store](Event& event, std::string_view name, std::string_view password) {
                              return registerUser(event, store, name, password);
                            },
                            kName, kPassword))
      .useFast(limited)
      .limitBody(4096)
      .summary("Registers a user, and logs in")
      .tag("accounts")
      .security({})
      .response(kSeeOther, "The front-end")
      .response(409, "The name is taken", "", "text/plain");
  app.post("/login",
           h3::withValues([&store](Event& event, std::string_view name,
                                   std::string_view password) { return login(event, store, name, password); },
                          kName, kPassword))
      .useFast(limited)
      .limitBody(4096)
      .summary("Logs in")
      .tag("accounts")
      .security({})
      .response(kSeeOther, "The front-end")
      .response(403, "Name or password is wrong", "", "text/plain");
  app.post("/logout", logout).summary("Logs out").tag("accounts").response(kSeeOther, "The front-end");
}

}  // namespace notes
