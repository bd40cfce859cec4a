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

struct Credentials {
  std::string name;
  std::string password;
};

Credentials readCredentials(Event& event) {
  const auto [name, password] =
      h3::readValues(event, h3::inForm<std::string_view>("name", {.minBytes = 1, .maxBytes = 40}),
                     h3::inForm<std::string_view>("password", {.minBytes = 8, .maxBytes = 200}));
  return {std::string(name), std::string(password)};
}

// Rotated: a session id from before the login is worth nothing.
void logIn(Event& event, std::int64_t user) {
  h3::Session& session = h3::session(event);
  session.rotate();
  session.set("user", std::to_string(user));
  event.redirect("/", kSeeOther);
}

Work registerUser(Event& event, NotesStore& store) {
  const Credentials given = readCredentials(event);
  const std::optional<std::int64_t> user =
      co_await h3::blocking(event, [&] { return store.addUser(given.name, hashPassword(given.password)); });
  if (!user) throw h3::HttpError(409, "this name is taken");
  logIn(event, *user);
}

Work login(Event& event, NotesStore& store) {
  const Credentials given = readCredentials(event);
  std::int64_t user = 0;
  const bool known = co_await h3::blocking(event, [&] {
    const std::optional<User> found = store.findUser(given.name);
    if (found) user = found->id;
    return isPassword(given.password, found ? found->passwordHash : std::string()) && found.has_value();
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
  app.post("/register", [&store](Event& event) { return registerUser(event, store); })
      .useFast(limited)
      .limitBody(4096);
  app.post("/login", [&store](Event& event) { return login(event, store); }).useFast(limited).limitBody(4096);
  app.post("/logout", logout);
}

}  // namespace notes
