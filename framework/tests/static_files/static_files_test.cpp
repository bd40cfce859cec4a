#include "h3http/static_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "../support/served_app.hpp"
#include "static_tree.hpp"

using namespace h3::test;

namespace {

struct Asked {
  std::string target;
  int status;
  std::string body;  // "" is not compared
};

const std::vector<Asked> kTargets = {
    {"/hello.txt", 200, "hello world"},
    {"/hello.txt?v=1", 200, "hello world"},
    {"/%68ello.txt", 200, "hello world"},
    {"/", 200, "content of index.html"},
    {"/docs/", 200, "content of docs/index.html"},
    {"/docs/page.html", 200, "content of docs/page.html"},
    {"/a%20b.txt", 200, "content of a b.txt"},
    {"/100%25.txt", 200, "content of 100%.txt"},
    {"/zero.txt", 200, ""},
    {"/link-inside", 200, "hello world"},
    {"/dirlink-inside/page.html", 200, "content of docs/page.html"},
    {"/docs", 301, ""},
    {"/missing", 404, "Not Found"},
    {"/hello.txt/", 404, ""},
    {"/hello.txt/x", 404, ""},
    {"/empty", 404, ""},
    {"/empty/", 404, ""},
    {"/indexdir", 404, ""},
    {"/indexdir/", 404, ""},
    {"/../outside.txt", 404, ""},
    {"/..", 404, ""},
    {"/docs/..", 404, ""},
    {"/docs/../hello.txt", 404, ""},
    {"/%2e%2e/outside.txt", 404, ""},
    {"/%2E./outside.txt", 404, ""},
    {"/..%2foutside.txt", 404, ""},
    {"/%252e%252e/outside.txt", 404, ""},
    {"/%252e%252e%252foutside.txt", 404, ""},
    {"/..%5coutside.txt", 404, ""},
    {"/back%5cslash.txt", 404, ""},
    {"/docs%2fpage.html", 404, ""},
    {"/docs%2Fpage.html", 404, ""},
    {"/%2fetc/passwd", 404, ""},
    {"//etc/passwd", 404, ""},
    {"//hello.txt", 404, ""},
    {"/docs//page.html", 404, ""},
    {"/hello.txt%00", 404, ""},
    {"/hello.txt%00.html", 404, ""},
    {"/%0a", 404, ""},
    {"/%7f", 404, ""},
    {"/.", 404, ""},
    {"/./hello.txt", 404, ""},
    {"/.hidden", 404, ""},
    {"/%2ehidden", 404, ""},
    {"/dir/.git/config", 404, ""},
    {"/fifo", 404, ""},
    {"/link-outside", 404, ""},
    {"/link-absolute", 404, ""},
    {"/dirlink-outside/outside.txt", 404, ""},
    {"/dirlink-outside/", 404, ""},
    {"/loop", 404, ""},
    {"/" + std::string(300, 'a'), 404, ""},
    {"/" + std::string(5000, 'a'), 404, ""},
};

}  // namespace

TEST_CASE("a target gets its file, or a 404 without details; no descriptor stays open") {
  const StaticTree tree;
  h3::App app = siteOf(tree);
  ServedApp served(app);
  RawClient client(served.port());
  (void)client.request(requestText("GET", "/hello.txt"));
  const std::size_t before = openDescriptors();
  for (const Asked& asked : kTargets) {
    CAPTURE(asked.target);
    const RawResponse response = client.request(requestText("GET", asked.target));
    CHECK(response.status == asked.status);
    if (!asked.body.empty()) CHECK(response.body == asked.body);
    CHECK(response.body.find("outside") == std::string::npos);
    const RawResponse head = client.request(requestText("HEAD", asked.target), true);
    CHECK(head.status == asked.status);
    CHECK(head.header("Content-Length") == response.header("Content-Length"));
    CHECK(head.header("Content-Type") == response.header("Content-Type"));
  }
  CHECK(openDescriptors() == before);
}

TEST_CASE("below a prefix the directory itself is redirected, with its query") {
  const StaticTree tree;
  h3::App app;
  app.get("/static/**:path", h3::serveStatic({.root = tree.root()}));
  ServedApp served(app);
  const RawResponse response = served.get("/static?a=1&b=%20");
  CHECK(response.status == 301);
  CHECK(response.header("Location") == "/static/?a=1&b=%20");
  CHECK(served.get("/static/docs").header("Location") == "/static/docs/");
  CHECK(served.get("/static/do%63s?a[]={x|y}").header("Location") == "/static/docs/?a%5B%5D=%7Bx%7Cy%7D");
  CHECK(served.get("/static/").status == 200);
  CHECK(served.get("/static/hello.txt").body == "hello world");
}

TEST_CASE("a file carries its type, validators and caching") {
  const StaticTree tree;
  h3::App app = siteOf(tree, {.cacheControl = "max-age=60"});
  ServedApp served(app);
  const RawResponse response = served.get("/hello.txt");
  CHECK(response.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(response.header("Content-Length") == "11");
  CHECK(response.header("Last-Modified") == StaticTree::kModified);
  CHECK(response.header("Accept-Ranges") == "bytes");
  CHECK(response.header("Cache-Control") == "max-age=60");
  CHECK(response.header("ETag").value_or("").starts_with("\"b-"));
  CHECK(served.get("/bytes.bin").header("Content-Type") == "application/octet-stream");
  CHECK(served.get("/docs/").header("Content-Type") == "text/html; charset=utf-8");
  tree.write("hello.txt", "HELLO WORLD!");
  CHECK(served.get("/hello.txt").header("ETag") != response.header("ETag"));
  CHECK(served.get("/missing").header("ETag") == std::nullopt);
  CHECK(served.get("/missing").header("Cache-Control") == std::nullopt);
}

TEST_CASE("one byte range is served, those that overlap get the whole file") {
  const StaticTree tree;
  h3::App app = siteOf(tree);
  ServedApp served(app);
  const std::string content = StaticTree::bytesContent();
  const std::string tag = served.get("/bytes.bin").header("ETag").value();
  const struct {
    std::string fields;
    int status;
    std::size_t first, bytes;
  } cases[] = {
      {"Range: bytes=0-0\r\n", 206, 0, 1},
      {"Range: bytes=0-99\r\n", 206, 0, 100},
      {"Range: BYTES=5-9\r\n", 206, 5, 5},
      {"Range: bytes=990-\r\n", 206, 990, 10},
      {"Range: bytes=990-5000\r\n", 206, 990, 10},
      {"Range: bytes=999-18446744073709551616\r\n", 206, 999, 1},
      {"Range: bytes=-1\r\n", 206, 999, 1},
      {"Range: bytes=-5000\r\n", 206, 0, 1000},
      {"Range: bytes=0-\r\n", 206, 0, 1000},
      {"Range: bytes=1000-\r\n", 416, 0, 0},
      {"Range: bytes=18446744073709551616-\r\n", 416, 0, 0},
      {"Range: bytes=-0\r\n", 416, 0, 0},
      {"Range: bytes=5-4\r\n", 200, 0, 1000},
      {"Range: bytes=0-1,1-6\r\n", 200, 0, 1000},
      {"Range: bytes=0-499,500-999\r\n", 200, 0, 1000},
      {"Range: bytes=5-6,1000-\r\n", 206, 5, 2},
      {"Range: bytes=0-,0-,0-,0-\r\n", 200, 0, 1000},
      {"Range: bytes=-1,-2\r\n", 200, 0, 1000},
      {"Range: bytes=\r\n", 200, 0, 1000},
      {"Range: bytes=-\r\n", 200, 0, 1000},
      {"Range: bytes=a-b\r\n", 200, 0, 1000},
      {"Range: bytes=+1-2\r\n", 200, 0, 1000},
      {"Range: bytes=--1\r\n", 200, 0, 1000},
      {"Range: lines=1-2\r\n", 200, 0, 1000},
      {"Range: bytes 1-2\r\n", 200, 0, 1000},
      {"Range: bytes=1-2\r\nIf-Range: " + tag + "\r\n", 206, 1, 2},
      {"Range: bytes=1-2\r\nIf-Range: W/" + tag + "\r\n", 200, 0, 1000},
      {"Range: bytes=1-2\r\nIf-Range: \"other\"\r\n", 200, 0, 1000},
      {"Range: bytes=1-2\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 206, 1, 2},
      {"Range: bytes=1-2\r\nIf-Range: Sun, 06 Nov 1994 08:49:38 GMT\r\n", 200, 0, 1000},
      {"Range: bytes=5000-\r\nIf-Range: \"other\"\r\n", 200, 0, 1000},
      {"Range: bytes=0-1\r\nRange: bytes=4-5\r\n", 200, 0, 1000},
      {"Range: bytes=1-2\r\nIf-Range: " + tag + "\r\nIf-Range: " + tag + "\r\n", 200, 0, 1000},
  };
  for (const auto& asked : cases) {
    CAPTURE(asked.fields);
    const RawResponse response = served.get("/bytes.bin", asked.fields);
    CHECK(response.status == asked.status);
    if (asked.status == 416) {
      CHECK(response.header("Content-Range") == "bytes */1000");
      continue;
    }
    CHECK((response.body == content.substr(asked.first, asked.bytes)));
    const std::string last = std::to_string(asked.first + asked.bytes - 1);
    if (asked.status == 206)
      CHECK(response.header("Content-Range") ==
            "bytes " + std::to_string(asked.first) + "-" + last + "/1000");
    else
      CHECK(response.header("Content-Range") == std::nullopt);
  }
  const RawResponse head = served.call("HEAD", "/bytes.bin", "Range: bytes=0-1\r\n");
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "1000");
  CHECK(served.get("/zero.txt", "Range: bytes=0-\r\n").status == 416);
}

TEST_CASE("only GET and HEAD reach files") {
  const StaticTree tree;
  h3::App app;
  app.all("/**:path", h3::serveStatic({.root = tree.root()}));
  ServedApp served(app);
  const RawResponse response = served.call("POST", "/hello.txt", "Content-Length: 0\r\n");
  CHECK(response.status == 405);
  CHECK(response.header("Allow") == "GET, HEAD");
}

TEST_CASE("options that cannot work are refused at construction") {
  const StaticTree tree;
  CHECK_THROWS_AS(h3::serveStatic({.root = tree.root() / "missing"}), std::system_error);
  CHECK_THROWS_AS(h3::serveStatic({.root = tree.root() / "hello.txt"}), std::system_error);
  CHECK_THROWS_AS(h3::serveStatic({.root = ""}), std::system_error);
  CHECK_THROWS_AS(h3::serveStatic({.root = tree.root(), .indexFile = ""}), std::invalid_argument);
  CHECK_THROWS_AS(h3::serveStatic({.root = tree.root(), .indexFile = "../outside.txt"}),
                  std::invalid_argument);
  CHECK_THROWS_AS(h3::serveStatic({.root = tree.root(), .indexFile = "a/b"}), std::invalid_argument);
  CHECK_THROWS_AS(h3::serveStatic({.root = tree.root(), .cacheControl = "a\r\nb"}), std::invalid_argument);
}

TEST_CASE("a pattern without the parameter is the program's mistake: 500") {
  const StaticTree tree;
  h3::App app;
  app.get("/**:file", h3::serveStatic({.root = tree.root()}));
  CHECK(ServedApp(app).get("/hello.txt").status == 500);
}
