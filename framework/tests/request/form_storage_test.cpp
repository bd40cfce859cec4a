#include "request/form_storage.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "h3http/error.hpp"
#include "upload_folder.hpp"

using namespace h3;
using h3::test::openUploads;
using h3::test::UploadFolder;

namespace {

std::string filePart(const std::string& disposition, const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\nContent-Type: text/plain\r\n\r\n" +
         content + "\r\n";
}

std::string file(const std::string& name, const std::string& content) {
  return filePart("name=\"" + name + "\"; filename=\"../" + name + ".txt\"", content);
}

std::string field(const std::string& name, const std::string& content) {
  return filePart("name=\"" + name + "\"", content);
}

std::string contentOf(const StoredPart& part) {
  if (!part.isOnDisk()) return std::string(part.bytes());
  std::string content(part.size() + 1, '\0');
  content.resize(static_cast<std::size_t>(::pread(part.descriptor(), content.data(), content.size(), 0)));
  return content;
}

StoredForm store(std::string_view body, const StoredFormOptions& options, std::size_t pieceBytes) {
  FormStorage storage("b", options);
  for (; !body.empty(); body.remove_prefix(std::min(pieceBytes, body.size()))) {
    storage.push(body.substr(0, pieceBytes));
    if (storage.mustWrite()) storage.write();
  }
  storage.finish();
  storage.write();
  return storage.take();
}

int statusOf(std::string_view body, const StoredFormOptions& options) {
  try {
    store(body, options, 7);
    return 200;
  } catch (const HttpError& error) {
    return error.status();
  }
}

}  // namespace

TEST_CASE("small files stay in memory, larger ones go to the disk, in pieces of any size") {
  const UploadFolder folder;
  StoredFormOptions options;
  options.directory = folder.path();
  options.memoryBytes = 10;
  const std::string large(1000, 'l');
  const std::string body = field("title", "a title longer than ten bytes") + file("small", "0123456789") +
                           file("first", "0123456789a") + file("second", large) + file("none", "") +
                           "--b--\r\n";
  for (std::size_t pieceBytes = 1; pieceBytes <= body.size(); ++pieceBytes) {
    CAPTURE(pieceBytes);
    const StoredForm form = store(body, options, pieceBytes);
    REQUIRE(form.parts().size() == 5);
    CHECK(form.first("title") == "a title longer than ten bytes");
    CHECK_FALSE(form.first("small"));
    REQUIRE(form.file("small") != nullptr);
    CHECK_FALSE(form.file("small")->isOnDisk());
    CHECK(form.file("small")->bytes() == "0123456789");
    CHECK(form.file("small")->descriptor() == -1);
    CHECK(form.file("first")->isOnDisk());
    CHECK(contentOf(*form.file("first")) == "0123456789a");
    CHECK(contentOf(*form.file("second")) == large);
    CHECK(form.file("second")->size() == large.size());
    CHECK(form.file("second")->filename() == "../second.txt");
    CHECK(form.file("second")->contentType() == "text/plain");
    CHECK(form.file("none")->size() == 0);
    CHECK(openUploads(folder) == 2);
    CHECK(folder.files() == 0);
  }
  CHECK(openUploads(folder) == 0);
}

TEST_CASE("files in memory have one bound in all") {
  const UploadFolder folder;
  StoredFormOptions options;
  options.directory = folder.path();
  options.memoryBytes = 10;
  options.memoryBytesInAll = 25;
  const std::string ten(10, 'x');
  const StoredForm form =
      store(file("a", ten) + file("b", ten) + file("c", ten) + file("d", "12345") + "--b--\r\n", options, 3);
  CHECK_FALSE(form.file("a")->isOnDisk());
  CHECK_FALSE(form.file("b")->isOnDisk());
  CHECK(form.file("c")->isOnDisk());
  CHECK_FALSE(form.file("d")->isOnDisk());
  CHECK(contentOf(*form.file("c")) == ten);
}

TEST_CASE("what waits for the disk is bounded") {
  const UploadFolder folder;
  StoredFormOptions options;
  options.directory = folder.path();
  FormStorage storage("b", options);
  const std::string piece(16 * 1024, 'x');
  storage.push("--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n");
  int pieces = 0;
  while (!storage.mustWrite()) {
    storage.push(piece);
    REQUIRE(++pieces < 20);
  }
  CHECK(storage.hasUnwritten());
  storage.write();
  CHECK_FALSE(storage.hasUnwritten());
  CHECK_FALSE(storage.mustWrite());
}

TEST_CASE("a part can be kept, from memory or the disk") {
  const UploadFolder folder;
  StoredFormOptions options;
  options.directory = folder.path();
  options.memoryBytes = 10;
  {
    const StoredForm form =
        store(file("a", "short") + file("b", std::string(100, 'b')) + "--b--\r\n", options, 50);
    form.file("a")->keepAs(folder.file("a"), Existing::refuse, 0644);
    form.file("b")->keepAs(folder.file("b"));
    CHECK(folder.files() == 2);
  }
  CHECK(folder.read("a") == "short");
  CHECK(folder.read("b") == std::string(100, 'b'));
}

TEST_CASE("both sides of each limit") {
  const UploadFolder folder;
  StoredFormOptions options;
  options.directory = folder.path();
  options.memoryBytes = 4;
  options.fileBytes = 10;
  options.fileBytesInAll = 15;
  options.files = 2;
  options.fieldBytesInAll = 8;
  options.multipart.parts = 4;
  const std::string end = "--b--\r\n";
  CHECK(statusOf(file("a", std::string(10, 'x')) + file("b", std::string(5, 'x')) + end, options) == 200);
  CHECK(statusOf(file("a", std::string(11, 'x')) + end, options) == 413);
  CHECK(statusOf(file("a", std::string(10, 'x')) + file("b", std::string(6, 'x')) + end, options) == 413);
  CHECK(statusOf(file("a", "") + file("b", "") + file("c", "") + end, options) == 413);
  CHECK(statusOf(field("a", "1234") + field("b", "5678") + end, options) == 200);
  CHECK(statusOf(field("a", "1234") + field("b", "56789") + end, options) == 413);
  CHECK(statusOf(field("a", "") + field("b", "") + field("c", "") + field("d", "") + end, options) == 200);
  CHECK(statusOf(field("a", "") + field("b", "") + field("c", "") + field("d", "") + field("e", "") + end,
                 options) == 413);
  CHECK(statusOf(file("a", "x"), options) == 400);
  CHECK(statusOf("no form", options) == 400);
  CHECK(openUploads(folder) == 0);
}
