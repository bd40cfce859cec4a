// The service without sockets: its routes, its users, and what a stranger gets.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "h3http/testing.hpp"
#include "h3http/testing_json.hpp"
#include "notes_app.hpp"
#include "password_hash.hpp"

using h3::test::Client;
using h3::test::Response;

namespace {

// A folder of its own, removed at the end.
struct Service {
  std::filesystem::path uploads;
  notes::NotesStore store{":memory:"};
  h3::App app;

  Service() {
    std::string name = std::filesystem::temp_directory_path() / "notes-test-XXXXXX";
    uploads = ::mkdtemp(name.data());
    app = notes::makeNotesApp(store, {.web = NOTES_WEB, .uploads = uploads});
  }
  ~Service() { std::filesystem::remove_all(uploads); }
};

Response registerUser(Client& client, const std::string& name) {
  return client.postForm("/register", {{"name", name}, {"password", "correct horse"}});
}

std::int64_t addNote(Client& client, const std::string& title) {
  const Response added = client.postJson("/api/notes", R"({"title": ")" + title + R"(", "text": "t"})");
  REQUIRE(added.status == 201);
  return added.json()["id"];
}

}  // namespace

TEST_CASE("a stranger sees the front-end and nothing else") {
  Service service;
  Client client(service.app);
  CHECK(client.get("/").body.find("<title>Notes</title>") != std::string::npos);
  CHECK(client.get("/notes.js").header("Content-Type")->starts_with("text/javascript"));
  for (const char* const path :
       {"/api/notes", "/api/notes/1", "/api/notes/1/attachment", "/api//notes", "/api/x"}) {
    CAPTURE(path);
    const Response refused = client.get(path);
    CHECK(refused.status == 401);
    CHECK(refused.header("Content-Type") == "application/problem+json");
  }
  CHECK(client.put("/api/notes/1/attachment", "bytes").status == 401);
  CHECK(std::filesystem::is_empty(service.uploads));
}

TEST_CASE("users register, leave and come back") {
  Service service;
  Client client(service.app);
  const Response registered = registerUser(client, "anna");
  CHECK(registered.status == 303);
  const std::string cookie(*registered.header("Set-Cookie"));
  for (const char* const part : {"__Host-notes=", "HttpOnly", "Secure", "SameSite=Lax"})
    CHECK(cookie.find(part) != std::string::npos);
  CHECK(client.get("/api/notes").status == 200);
  CHECK(client.post("/logout", "").status == 303);
  CHECK(client.get("/api/notes").status == 401);
  CHECK(client.postForm("/login", {{"name", "anna"}, {"password", "wrong horse"}}).status == 403);
  CHECK(client.postForm("/login", {{"name", "ben"}, {"password", "correct horse"}}).status == 403);
  CHECK(client.postForm("/login", {{"name", "anna"}, {"password", "correct horse"}}).status == 303);
  CHECK(client.get("/api/notes").status == 200);
  CHECK(registerUser(client, "anna").status == 409);
}

TEST_CASE("a session's id changes at login") {
  Service service;
  Client client(service.app);
  registerUser(client, "anna");
  const std::string before(*client.cookie("__Host-notes"));
  client.postForm("/login", {{"name", "anna"}, {"password", "correct horse"}});
  CHECK(client.cookie("__Host-notes") != before);
  client.setCookie("__Host-notes", before);
  CHECK(client.get("/api/notes").status == 401);
}

TEST_CASE("attempts to log in are limited") {
  Service service;
  Client client(service.app);
  int last = 0;
  for (int i = 0; i < 11; ++i)
    last = client.postForm("/login", {{"name", "a"}, {"password", "short"}}).status;
  CHECK(last == 429);
}

TEST_CASE("another site cannot send a user's requests") {
  Service service;
  Client client(service.app);
  registerUser(client, "anna");
  CHECK(client.postJson("/api/notes", "{}", {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
  CHECK(client.post("/logout", "", {{"Origin", "https://evil.example"}}).status == 403);
  CHECK(client.get("/api/notes").status == 200);
}

TEST_CASE("pages of the configured origin may call the API, others not") {
  Service service;
  service.app = notes::makeNotesApp(
      service.store, {.web = NOTES_WEB, .uploads = service.uploads, .origin = "https://app.example"});
  Client client(service.app);
  const auto preflight = [&](const char* origin) {
    return client.options("/api/notes/1", {{"Origin", origin}, {"Access-Control-Request-Method", "PUT"}});
  };
  CHECK(preflight("https://app.example").header("Access-Control-Allow-Credentials") == "true");
  CHECK(preflight("https://app.example").header("Access-Control-Allow-Origin") == "https://app.example");
  CHECK_FALSE(preflight("https://evil.example").header("Access-Control-Allow-Origin"));
  registerUser(client, "anna");
  CHECK(client.postJson("/api/notes", R"({"title": "t", "text": ""})", {{"Origin", "https://app.example"}})
            .status == 201);
  CHECK(client.postJson("/api/notes", R"({"title": "t", "text": ""})", {{"Origin", "https://evil.example"}})
            .status == 403);
}

TEST_CASE("errors are problem details") {
  Service service;
  Client client(service.app);
  registerUser(client, "anna");
  for (const Response& refused :
       {client.get("/api/notes/1"), registerUser(client, "anna"), client.get("/api/notes/1/attachment"),
        client.postForm("/login", {{"name", "anna"}, {"password", "wrong horse"}})}) {
    CHECK(refused.header("Content-Type") == "application/problem+json");
    CHECK(refused.json()["status"] == refused.status);
    CHECK(refused.json()["detail"].get<std::string>().size() > 10);
  }
}

TEST_CASE("notes are added, found, changed and removed, each by its owner only") {
  Service service;
  Client anna(service.app), ben(service.app);
  registerUser(anna, "anna");
  registerUser(ben, "ben");
  const std::string path = "/api/notes/" + std::to_string(addNote(anna, "100 %"));
  addNote(anna, "other");
  CHECK(anna.get(path).json()["title"] == "100 %");
  CHECK(anna.get("/api/notes").json().size() == 2);
  CHECK(anna.get("/api/notes?q=%25").json().size() == 1);
  CHECK(anna.get("/api/notes?limit=1").json()[0]["title"] == "other");
  CHECK(anna.put(path, R"({"title": "new", "text": ""})", {{"Content-Type", "application/json"}}).status ==
        204);
  CHECK(anna.get(path).json()["title"] == "new");
  CHECK(ben.get(path).status == 404);
  CHECK(ben.get("/api/notes").json().empty());
  CHECK(ben.put(path, R"({"title": "x", "text": ""})", {{"Content-Type", "application/json"}}).status == 404);
  CHECK(ben.del(path).status == 404);
  CHECK(anna.del(path).status == 204);
  CHECK(anna.get(path).status == 404);
}

TEST_CASE("all that is wrong with a request is in one response") {
  Service service;
  Client client(service.app);
  registerUser(client, "anna");
  const auto query = client.get("/api/notes?limit=0");
  CHECK(query.status == 400);
  CHECK(query.json()["errors"][0]["name"] == "limit");
  const auto body = client.postJson("/api/notes", R"({"title": "", "text": 5})");
  CHECK(body.status == 400);
  CHECK(body.json()["errors"].size() == 2);
  CHECK(client.postForm("/register", {{"name", ""}, {"password", "x"}}).json()["errors"].size() == 2);
}

TEST_CASE("an attachment passes in pieces, and only its owner gets it") {
  Service service;
  Client anna(service.app), ben(service.app);
  registerUser(anna, "anna");
  registerUser(ben, "ben");
  const std::string path = "/api/notes/" + std::to_string(addNote(anna, "with a file")) + "/attachment";
  CHECK(anna.get(path).status == 404);
  const std::string bytes(300'000, 'b');
  CHECK(anna.put(path, bytes).status == 204);
  const Response got = anna.get(path);
  CHECK(got.body == bytes);
  CHECK(got.header("Content-Disposition") == "attachment");
  CHECK(ben.get(path).status == 404);
  CHECK(ben.put(path, "x").status == 404);
  CHECK(anna.get(path).body == bytes);
}

TEST_CASE("the service describes itself: typed routes, their bodies, and who may call them") {
  Service service;
  Client client(service.app);
  const auto document = client.get("/openapi.json").json();
  CHECK(document["openapi"] == "3.1.0");
  std::string paths;
  for (const auto& [path, item] : document["paths"].items()) paths += path + " ";
  CHECK(paths == "/api/notes /api/notes/{id} /api/notes/{id}/attachment /login /logout /register ");
  const auto& notes = document["paths"]["/api/notes"];
  CHECK(notes["get"]["parameters"][1]["schema"]["maximum"] == 100);
  const auto& body = notes["post"]["requestBody"]["content"]["application/json"]["schema"];
  CHECK(body["properties"]["title"]["maxLength"] == 200);
  CHECK(notes["get"]["responses"]["200"]["content"]["application/json"]["schema"]["items"]["properties"]
            .contains("id"));
  CHECK(document["security"][0].contains("session"));
  CHECK(document["paths"]["/login"]["post"]["security"].empty());
}

TEST_CASE("a password's hash is salted, and of that password only") {
  const std::string hash = notes::hashPassword("correct horse");
  CHECK(hash != notes::hashPassword("correct horse"));
  CHECK(notes::isPassword("correct horse", hash));
  CHECK_FALSE(notes::isPassword("correct horsf", hash));
  CHECK_FALSE(notes::isPassword("correct horse", ""));
}
