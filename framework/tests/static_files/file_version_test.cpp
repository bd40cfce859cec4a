#include "static_files/file_version.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/static_files.hpp"
#include "static_tree.hpp"

using namespace h3::test;

namespace {

/// A field of a request, and whether its condition holds for the file.
struct Condition {
  std::string field;  ///< "" for none
  bool counts;        ///< else the field is ignored
  bool holds;
};

std::string fieldsOf(std::initializer_list<Condition> conditions) {
  std::string fields;
  for (const Condition& condition : conditions) fields += condition.field;
  return fields;
}

// RFC 9110 13.2.2, steps 1 to 4.
int statusFor(const Condition& match, const Condition& unmodified, const Condition& noneMatch,
              const Condition& modified) {
  if (match.counts ? !match.holds : unmodified.counts && !unmodified.holds) return 412;
  if (noneMatch.counts ? !noneMatch.holds : modified.counts && !modified.holds) return 304;
  return 200;
}

}  // namespace

TEST_CASE("conditional requests") {
  const StaticTree tree;
  h3::App app = siteOf(tree);
  ServedApp served(app);
  const std::string tag = served.get("/hello.txt").header("ETag").value();
  const struct {
    std::string fields;
    int status;
  } cases[] = {
      {"If-None-Match: " + tag + "\r\n", 304},
      {"If-None-Match: W/" + tag + "\r\n", 304},
      {"If-None-Match: \"a,b\", " + tag + "\r\n", 304},
      {"If-None-Match: *\r\n", 304},
      {"If-None-Match: \"other\"\r\n", 200},
      {"If-None-Match: other\r\n", 200},
      {"If-None-Match: \"open\r\n", 200},
      {"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 304},
      {"If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n", 304},
      {"If-Modified-Since: Sun Nov  6 08:49:37 1994\r\n", 304},
      {"If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", 200},
      {"If-Modified-Since: Fri, 01 Jan 2038 00:00:00 GMT\r\n", 304},
      {"If-Modified-Since: yesterday\r\n", 200},
      {"If-None-Match: \"other\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 200},
      {"If-None-Match: " + tag + "\r\nIf-Modified-Since: Sat, 05 Nov 1994 08:49:37 GMT\r\n", 304},
      {"If-Match: " + tag + "\r\n", 200},
      {"If-Match: W/" + tag + "\r\n", 412},
      {"If-Match: \"other\"\r\n", 412},
      {"If-Match: *\r\n", 200},
      {"If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 200},
      {"If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n", 412},
      {"If-None-Match: " + tag + "\r\nRange: bytes=5000-\r\n", 304},
      // Over several lines: one list, in any order; but dates are no lists.
      {"If-Match: \"x\"\r\nIf-Match: " + tag + "\r\n", 200},
      {"if-match: " + tag + "\r\nIf-Match: \"x\"\r\n", 200},
      {"If-Match: \"x\"\r\nAccept: */*\r\nIF-MATCH: \"y\", \"z\"\r\n", 412},
      {"If-Match: \"x\"\r\nIf-Match: W/" + tag + "\r\n", 412},
      {"If-None-Match: \"x\"\r\nIf-None-Match: " + tag + "\r\n", 304},
      {"If-None-Match: \"x\"\r\nIf-None-Match: \"y\"\r\nIf-None-Match: W/" + tag + "\r\n", 304},
      {"If-None-Match: \"x\"\r\nIf-None-Match: \"y\"\r\n", 200},
      {"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 "
       "GMT\r\n",
       200},
      {"If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\nIf-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 "
       "GMT\r\n",
       200},
  };
  for (const auto& asked : cases) {
    CAPTURE(asked.fields);
    const RawResponse response = served.get("/hello.txt", asked.fields);
    CHECK(response.status == asked.status);
    if (asked.status != 304) continue;
    CHECK(response.header("ETag") == tag);
    CHECK(response.header("Last-Modified") == StaticTree::kModified);
    CHECK(response.header("Content-Type") == std::nullopt);
  }
}

TEST_CASE("all four conditions together, in the order of RFC 9110 13.2.2") {
  const StaticTree tree;
  h3::App app = siteOf(tree);
  LocalWorker worker(app);
  const std::string tag(worker.run(requestText("GET", "/hello.txt")).responseHeader("ETag").value());
  const std::string same = "Sun, 06 Nov 1994 08:49:37 GMT\r\n", before = "Sun, 06 Nov 1994 08:49:36 GMT\r\n";
  const Condition none{"", false, true};
  const Condition match[] = {none,
                             {"If-Match: " + tag + "\r\n", true, true},
                             {"If-Match: *\r\n", true, true},
                             {"If-Match: W/" + tag + "\r\n", true, false},
                             {"If-Match: \"x\"\r\n", true, false},
                             {"If-Match:\r\n", true, false}};
  const Condition unmodified[] = {none,
                                  {"If-Unmodified-Since: " + same, true, true},
                                  {"If-Unmodified-Since: " + before, true, false},
                                  {"If-Unmodified-Since: then\r\n", false, true}};
  const Condition noneMatch[] = {none,
                                 {"If-None-Match: " + tag + "\r\n", true, false},
                                 {"If-None-Match: W/" + tag + "\r\n", true, false},
                                 {"If-None-Match: *\r\n", true, false},
                                 {"If-None-Match: \"x\"\r\n", true, true},
                                 {"If-None-Match:\r\n", true, true}};
  const Condition modified[] = {none,
                                {"If-Modified-Since: " + same, true, false},
                                {"If-Modified-Since: " + before, true, true},
                                {"If-Modified-Since: then\r\n", false, true}};
  for (const Condition& first : match)
    for (const Condition& second : unmodified)
      for (const Condition& third : noneMatch)
        for (const Condition& fourth : modified) {
          // Fields are found by name: their order on the wire does not count.
          const std::string fields = fieldsOf({fourth, second, third, first});
          CAPTURE(fields);
          const int expected = statusFor(first, second, third, fourth);
          CHECK(worker.run(requestText("GET", "/hello.txt", fields)).status() == expected);
          CHECK(worker.run(requestText("HEAD", "/hello.txt", fields)).status() == expected);
        }
}

TEST_CASE("conditions come before the range, and If-Range only decides about the range") {
  const StaticTree tree;
  h3::App app = siteOf(tree);
  LocalWorker worker(app);
  const std::string tag(worker.run(requestText("GET", "/bytes.bin")).responseHeader("ETag").value());
  const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";
  const struct {
    std::string fields;
    int status;
  } rows[] = {
      {"Range: bytes=0-1\r\nIf-Match: " + tag + "\r\n", 206},
      {"Range: bytes=0-1\r\nIf-Match: \"x\"\r\n", 412},
      {"Range: bytes=5000-\r\nIf-Match: \"x\"\r\n", 412},
      {"Range: bytes=5000-\r\nIf-Match: " + tag + "\r\n", 416},
      {"Range: bytes=0-1\r\nIf-None-Match: " + tag + "\r\n", 304},
      {"Range: bytes=0-1\r\nIf-None-Match: \"x\"\r\n", 206},
      {"Range: bytes=0-1\r\nIf-Modified-Since: " + date + "\r\n", 304},
      {"Range: bytes=0-1\r\nIf-Unmodified-Since: " + date + "\r\n", 206},
      {"If-Range: " + tag + "\r\n", 200},
      {"If-Range: \"x\"\r\n", 200},
      {"Range: bytes=0-1\r\nIf-Range: " + tag + "\r\n", 206},
      {"Range: bytes=0-1\r\nIf-Range: " + tag + "\r\nIf-None-Match: " + tag + "\r\n", 304},
      {"Range: bytes=0-1\r\nIf-Range: \"x\"\r\nIf-Match: " + tag + "\r\n", 200},
      {"Range: bytes=5000-\r\nIf-Range: " + tag + "\r\n", 416},
      {"Range: bytes=5000-\r\nIf-Range: W/" + tag + "\r\n", 200},
      {"Range: bytes=5000-\r\nIf-Range: *\r\n", 200},
      {"Range: bytes=0-1\r\nIf-Range: " + tag + ", \"x\"\r\n", 200},
      {"Range: bytes=0-1\r\nIf-Range: " + date + "\r\n", 206},
      {"Range: bytes=0-1\r\nIf-Range: Sun, 06 Nov 1994 08:49:36 GMT\r\n", 200},
      {"Range: bytes=0-1\r\nIf-Range: then\r\n", 200},
      {"Range: bytes=0-1\r\nIf-Range:\r\n", 200},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fields);
    h3::Event& event = worker.run(requestText("GET", "/bytes.bin", row.fields));
    CHECK(event.status() == row.status);
    CHECK((event.responseHeader("Content-Range") == "bytes */1000") == (row.status == 416));
  }
}

TEST_CASE("a recent Last-Modified is too weak for If-Range") {
  const StaticTree tree;
  tree.write("new.txt", "0123456789");
  std::filesystem::last_write_time(tree.root() / "new.txt", std::filesystem::file_time_type::clock::now());
  h3::App app = siteOf(tree);
  ServedApp served(app);
  const std::string modified = served.get("/new.txt").header("Last-Modified").value();
  CHECK(served.get("/new.txt", "Range: bytes=0-1\r\nIf-Range: " + modified + "\r\n").status == 200);
}
