// file_response.cpp, and the variants of static_files.cpp.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "h3http/testing.hpp"
#include "static_tree.hpp"

using namespace h3::test;

namespace {

using Part = std::pair<std::string, std::string>;  // Content-Range, content

// Reads multipart/byteranges strictly.
std::vector<Part> partsOf(const Response& response, const std::string& contentType) {
  const std::string prefix = "multipart/byteranges; boundary=";
  const std::string type(response.header("Content-Type").value_or(""));
  REQUIRE(type.starts_with(prefix));
  const std::string delimiter = "\r\n--" + type.substr(prefix.size());
  std::vector<Part> parts;
  std::size_t at = 0;
  while (response.body.compare(at, delimiter.size() + 4, delimiter + "--\r\n") != 0) {
    std::string head = delimiter;
    head.append("\r\nContent-Type: ").append(contentType).append("\r\nContent-Range: ");
    REQUIRE(response.body.compare(at, head.size(), head) == 0);
    at += head.size();
    const std::size_t lineEnd = response.body.find("\r\n\r\n", at);
    REQUIRE(lineEnd != std::string::npos);
    const std::size_t end = response.body.find(delimiter, lineEnd + 4);
    REQUIRE(end != std::string::npos);
    parts.emplace_back(response.body.substr(at, lineEnd - at),
                       response.body.substr(lineEnd + 4, end - lineEnd - 4));
    at = end;
  }
  CHECK(at + delimiter.size() + 4 == response.body.size());
  return parts;
}

std::string headerOf(const Response& response, std::string_view name) {
  return std::string(response.header(name).value_or("(none)"));
}

}  // namespace

TEST_CASE("several ranges come as multipart/byteranges, in the order requested") {
  const StaticTree tree;
  h3::App app = siteOf(tree);
  Client client(app);
  const std::string content = StaticTree::bytesContent();
  const Response response = client.get("/bytes.bin", {{"Range", "bytes=990-, 0-0, 100-149, 5000-"}});
  CHECK(response.status == 206);
  CHECK(headerOf(response, "Content-Range") == "(none)");
  CHECK(headerOf(response, "Accept-Ranges") == "bytes");
  CHECK(headerOf(response, "ETag") == headerOf(client.get("/bytes.bin"), "ETag"));
  CHECK(headerOf(response, "Content-Length") == std::to_string(response.body.size()));
  const std::vector<Part> expected{{"bytes 990-999/1000", content.substr(990)},
                                   {"bytes 0-0/1000", content.substr(0, 1)},
                                   {"bytes 100-149/1000", content.substr(100, 50)}};
  CHECK(partsOf(response, "application/octet-stream") == expected);
  // The boundary is another one each time.
  CHECK(headerOf(client.get("/bytes.bin", {{"Range", "bytes=0-0,2-2"}}), "Content-Type") !=
        headerOf(client.get("/bytes.bin", {{"Range", "bytes=0-0,2-2"}}), "Content-Type"));
  CHECK(client.get("/bytes.bin", {{"Range", "bytes=1000-,-0"}}).status == 416);
  const Response head = client.head("/bytes.bin", {{"Range", "bytes=0-0,2-2"}});
  CHECK(head.status == 200);
  CHECK(headerOf(head, "Content-Length") == "1000");
}

TEST_CASE("several ranges of a large file") {
  const StaticTree tree;
  std::string content;
  for (int i = 0; i < 400'000; ++i) content.push_back(static_cast<char>(i % 251));
  tree.write("large.bin", content);
  h3::App app = siteOf(tree);
  Client client(app);
  const Response response = client.get("/large.bin", {{"Range", "bytes=0-149999,200000-349999"}});
  CHECK(response.status == 206);
  const auto parts = partsOf(response, "application/octet-stream");
  REQUIRE(parts.size() == 2);
  CHECK((parts[0] == Part{"bytes 0-149999/400000", content.substr(0, 150'000)}));
  CHECK((parts[1] == Part{"bytes 200000-349999/400000", content.substr(200'000, 150'000)}));
}

TEST_CASE("the whole file where the parts are not shorter, or If-Range names another version") {
  const StaticTree tree;
  h3::App app = siteOf(tree);
  Client client(app);
  for (const Headers& headers :
       {Headers{{"Range", "bytes=0-1,500-999,10-450"}},
        Headers{{"Range", "bytes=0-9,20-29"}, {"If-Range", "\"x\""}}, Headers{{"Range", "bytes=0-9,5-29"}}}) {
    const Response response = client.get("/bytes.bin", headers);
    CHECK(response.status == 200);
    CHECK((response.body == StaticTree::bytesContent()));
  }
  const std::string tag = headerOf(client.get("/bytes.bin"), "ETag");
  CHECK(client.get("/bytes.bin", {{"Range", "bytes=0-9,20-29"}, {"If-Range", tag}}).status == 206);
}

TEST_CASE("precompressed variants: the client's choice, each with a tag and ranges of its own") {
  const StaticTree tree;
  tree.write("app.js", "the script");
  tree.write("app.js.br", "BROTLI");
  tree.write("app.js.gz", "GZIP...");
  tree.write("only.css", "the style");
  tree.write("only.css.gz", "gz");
  h3::App app = siteOf(tree, {.precompressed = true});
  Client client(app);
  const struct {
    std::string target, accepted, body, coding;
  } rows[] = {
      {"/app.js", "gzip, br", "BROTLI", "br"},          {"/app.js", "gzip", "GZIP...", "gzip"},
      {"/app.js", "br;q=0.5, gzip", "GZIP...", "gzip"}, {"/app.js", "identity", "the script", "(none)"},
      {"/app.js", "", "the script", "(none)"},          {"/only.css", "gzip, br", "gz", "gzip"},
      {"/only.css", "br", "the style", "(none)"},       {"/only.css", "br, gzip;q=0", "the style", "(none)"},
      {"/app.js.gz", "gzip", "GZIP...", "(none)"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    CAPTURE(row.accepted);
    const Response response = client.get(row.target, {{"Accept-Encoding", row.accepted}});
    CHECK(response.status == 200);
    CHECK(response.body == row.body);
    CHECK(headerOf(response, "Content-Encoding") == row.coding);
    CHECK(headerOf(response, "Vary") == "Accept-Encoding");
  }
  const Response brotli = client.get("/app.js", {{"Accept-Encoding", "br"}});
  CHECK(headerOf(brotli, "Content-Type") == "text/javascript; charset=utf-8");
  const std::string tag = headerOf(brotli, "ETag");
  CHECK(tag.starts_with('"'));
  CHECK(tag.ends_with("-br\""));
  CHECK(headerOf(client.get("/app.js"), "ETag") != tag);

  const Response same = client.get("/app.js", {{"Accept-Encoding", "br"}, {"If-None-Match", tag}});
  CHECK(same.status == 304);
  CHECK(headerOf(same, "ETag") == tag);
  CHECK(headerOf(same, "Vary") == "Accept-Encoding");
  CHECK(client.get("/app.js", {{"If-None-Match", tag}}).status == 200);

  const Response part =
      client.get("/app.js", {{"Accept-Encoding", "br"}, {"Range", "bytes=1-3"}, {"If-Range", tag}});
  CHECK(part.status == 206);
  CHECK(part.body == "ROT");
  CHECK(headerOf(part, "Content-Range") == "bytes 1-3/6");
  CHECK(headerOf(part, "Content-Encoding") == "br");
  const Response outside = client.get("/app.js", {{"Accept-Encoding", "br"}, {"Range", "bytes=8-9"}});
  CHECK(outside.status == 416);
  CHECK(headerOf(outside, "Content-Encoding") == "(none)");
  const Response head = client.head("/app.js", {{"Accept-Encoding", "br"}});
  CHECK(headerOf(head, "Content-Length") == "6");
  CHECK(headerOf(head, "Content-Encoding") == "br");
}

TEST_CASE("a variant that is older than its file, or is no file, is ignored") {
  const StaticTree tree;
  tree.write("new.js", "newer");
  tree.write("new.js.br", "older");
  const auto time = std::filesystem::last_write_time(tree.root() / "new.js.br");
  std::filesystem::last_write_time(tree.root() / "new.js", time + std::chrono::seconds(2));
  tree.write("odd.js", "file");
  std::filesystem::create_directory(tree.root() / "odd.js.br");
  h3::App app = siteOf(tree, {.precompressed = true});
  Client client(app);
  CHECK(client.get("/new.js", {{"Accept-Encoding", "br"}}).body == "newer");
  CHECK(client.get("/odd.js", {{"Accept-Encoding", "br"}}).body == "file");
  std::filesystem::last_write_time(tree.root() / "new.js", time);
  CHECK(client.get("/new.js", {{"Accept-Encoding", "br"}}).body == "older");
}

TEST_CASE("without the option, variants are files like all others") {
  const StaticTree tree;
  tree.write("app.js", "the script");
  tree.write("app.js.br", "BROTLI");
  h3::App app = siteOf(tree);
  Client client(app);
  const Response response = client.get("/app.js", {{"Accept-Encoding", "br"}});
  CHECK(response.body == "the script");
  CHECK(headerOf(response, "Vary") == "(none)");
}
