#include "http/mime.hpp"

#include <doctest/doctest.h>

TEST_CASE("media types") {
  struct Row {
    const char* path;
    const char* type;
  };
  const Row rows[] = {
      {"/index.html", "text/html; charset=utf-8"},
      {"/images/kibana-dashboard3.png", "image/png"},
      {"/presentations/logstash/css/print/paper.css", "text/css; charset=utf-8"},
      {"/A.JPG", "image/jpeg"},
      {"app.js", "text/javascript; charset=utf-8"},
      {"a.tar.gz", "application/gzip"},
      {"a.webmanifest", "application/manifest+json"},
      {"font.woff2", "font/woff2"},
      {"7.7z", "application/x-7z-compressed"},
      {"x.zip", "application/zip"},
      {"noextension", "application/octet-stream"},
      {"/dir.html/file", "application/octet-stream"},
      {"trailing.", "application/octet-stream"},
      {"", "application/octet-stream"},
      {"a.extensionofmorethansixteenbytes", "application/octet-stream"},
      {"a.htmlx", "application/octet-stream"},
      {"a.htm\xE9", "application/octet-stream"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(h3::mimeTypeForPath(row.path) == row.type);
  }
  CHECK(h3::mimeTypeForExtension("svg") == "image/svg+xml");
  CHECK(h3::mimeTypeForExtension(".svg") == "application/octet-stream");
}
