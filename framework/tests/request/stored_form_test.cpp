#include "h3http/stored_form.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "h3http/app.hpp"
#include "h3http/async.hpp"
#include "h3http/error.hpp"
#include "h3http/testing.hpp"
#include "upload_folder.hpp"

namespace asio = boost::asio;
using namespace h3;
using h3::test::Client;
using h3::test::openUploads;
using h3::test::UploadFolder;

namespace {

const std::string kType = "multipart/form-data; boundary=b";

std::string formWith(const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA title\r\n"
         "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"/etc/passwd\"\r\n\r\n" +
         content + "\r\n--b--\r\n";
}

// POST /later and /now: keeps the photo in a folder, by a coroutine and by a callback.
class Photos {
 public:
  Photos() {
    app.post("/later",
             [this](Event& event) -> asio::awaitable<std::string> {
               const StoredForm form = co_await receiveForm(event, {.directory = folder.path()});
               openWhileHeld = openUploads(folder);
               co_return keep(form);
             })
        .streamBody(100'000'000);
    app.post("/now",
             [this](Event& event) {
               receiveForm(event, {.directory = folder.path()}, [this, &event](const StoredForm& form) {
                 openWhileHeld = openUploads(folder);
                 event.sendText(keep(form));
               });
             })
        .streamBody(100'000'000);
    app.post("/fails",
             [this](Event& event) -> asio::awaitable<void> {
               const StoredForm form = co_await receiveForm(event, {.directory = folder.path()});
               openWhileHeld = openUploads(folder);
               throw HttpError(409, "no");
             })
        .streamBody(100'000'000);
    app.post("/nowhere",
             [](Event& event) -> asio::awaitable<std::string> {
               co_await receiveForm(event, {.directory = "/proc/none"});
               co_return "in memory";
             })
        .streamBody(100'000'000);
    app.post("/whole", [this](Event& event) -> asio::awaitable<std::string> {
      const StoredForm form = co_await receiveForm(event, {.directory = folder.path()});
      co_return keep(form);
    });
  }

  UploadFolder folder;
  App app;
  std::size_t openWhileHeld = 0;

 private:
  std::string keep(const StoredForm& form) const {
    const StoredPart* const photo = form.file("photo");
    if (photo == nullptr) throw HttpError(400, "photo: expected a file");
    photo->keepAs(folder.file("kept"), Existing::replace);
    return std::string(*form.first("title")).append(" ").append(std::to_string(photo->size()));
  }
};

}  // namespace

TEST_CASE("a form is received, and what its handler keeps stays") {
  Photos photos;
  Client client(photos.app);
  for (const char* const path : {"/later", "/now"}) {
    for (const std::size_t bytes : {0UL, 1UL, 65'536UL, 65'537UL, 1'000'000UL, 20'000'000UL}) {
      CAPTURE(path);
      CAPTURE(bytes);
      const std::string content(bytes, 'p');
      const auto response = client.post(path, formWith(content), {{"Content-Type", kType}});
      CHECK(response.status == 200);
      CHECK(response.body == "A title " + std::to_string(bytes));
      CHECK(photos.folder.read("kept") == content);
      CHECK(photos.openWhileHeld == (bytes > 65'536 ? 1 : 0));
      CHECK(openUploads(photos.folder) == 0);
      CHECK(photos.folder.files() == 1);
    }
  }
  CHECK(client.post("/whole", formWith(std::string(500'000, 'w')), {{"Content-Type", kType}}).body ==
        "A title 500000");
  CHECK(openUploads(photos.folder) == 0);
}

TEST_CASE("the files are gone when the handler throws") {
  Photos photos;
  Client client(photos.app);
  CHECK(client.post("/fails", formWith(std::string(200'000, 'p')), {{"Content-Type", kType}}).status == 409);
  CHECK(photos.openWhileHeld == 1);
  CHECK(openUploads(photos.folder) == 0);
  CHECK(photos.folder.files() == 0);
}

TEST_CASE("the files are gone when the client leaves in the middle") {
  for (const std::string path : {"/later", "/now"}) {
    CAPTURE(path);
    Photos photos;
    {
      Client client(photos.app);
      const std::string body = formWith(std::string(1'000'000, 'p'));
      std::string start = "POST " + path;
      start.append(" HTTP/1.1\r\nHost: a\r\nContent-Type: ").append(kType);
      start.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
      CHECK(client.exchange(start.append(body, 0, 500'000)).empty());
      CHECK(openUploads(photos.folder) == 1);
      client.disconnect();
      CHECK(client.post("/later", formWith("next"), {{"Content-Type", kType}}).status == 200);
      CHECK(openUploads(photos.folder) == 0);
    }
    CHECK(photos.folder.files() == 1);
  }
}

TEST_CASE("what is no form, or a wrong one, has its status") {
  Photos photos;
  Client client(photos.app);
  for (const char* const path : {"/later", "/now"}) {
    CAPTURE(path);
    CHECK(client.post(path, "{}", {{"Content-Type", "application/json"}}).status == 415);
    CHECK(client.post(path, "{}").status == 415);
    CHECK(client.post(path, "wrong", {{"Content-Type", kType}}).status == 400);
    CHECK(client.post(path, "--b--\r\n", {{"Content-Type", kType}}).status == 400);
    CHECK(client.post(path, formWith("x").substr(0, 100), {{"Content-Type", kType}}).status == 400);
  }
  CHECK(client.post("/nowhere", formWith("small"), {{"Content-Type", kType}}).status == 200);
  CHECK(client.post("/nowhere", formWith(std::string(100'000, 'p')), {{"Content-Type", kType}}).status ==
        500);
  CHECK(openUploads(photos.folder) == 0);
}
