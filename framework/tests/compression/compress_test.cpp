#include "h3http/compress.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "../static_files/static_tree.hpp"
#include "h3http/async.hpp"
#include "h3http/h3.hpp"
#include "h3http/testing.hpp"
#include "reference_codings.hpp"

using namespace h3::test;
using h3::Event;

namespace {

const std::string kJson = someJson(200);

// /json and its like, compressed as `options` say.
h3::App appThatCompresses(h3::CompressOptions options = {}) {
  h3::App app;
  h3::compress(app, std::move(options));
  app.get("/json", [](Event& event) { event.sendJsonText(kJson); });
  app.get("/large", [](Event& event) { event.sendText(someJson(20'000)); });
  app.get("/small", [](Event& event) { event.sendText("small"); });
  app.get("/image", [](Event& event) { event.sendBytes(kJson, "image/png"); });
  app.get("/secret", [](Event& event) {
    h3::doNotCompress(event);
    event.sendJsonText(kJson);
  });
  app.get("/status/:code", [](Event& event) {
    event.sendJsonText(kJson);
    event.setStatus(std::stoi(std::string(event.param("code"))));
  });
  app.get("/field", [](Event& event) {
    event.setHeader(event.getHeader("X-Name").value(), event.getHeader("X-Value").value());
    event.sendJsonText(kJson);
  });
  app.get("/async", [](Event& event) -> boost::asio::awaitable<void> {
    event.sendJsonText(kJson);
    co_return;
  });
  app.get("/throws", [](Event&) { throw h3::HttpError(500, someJson(200)); });
  return app;
}

std::string codingOf(const Response& response) {
  return std::string(response.header("Content-Encoding").value_or("none"));
}

std::string decoded(const Response& response) {
  const std::string coding = codingOf(response);
  if (coding == "none") return response.body;
  return coding == "br" ? unbrotli(response.body) : gunzip(response.body);
}

}  // namespace

TEST_CASE("the coding that the client prefers, brotli of equal ones") {
  h3::App app = appThatCompresses();
  Client client(app);
  const struct {
    std::optional<std::string> accepted;
    std::string coding;
  } rows[] = {
      {std::nullopt, "none"},
      {"gzip, deflate, br, zstd", "br"},
      {"gzip", "gzip"},
      {"x-gzip", "gzip"},
      {"br;q=0.5, gzip;q=0.8", "gzip"},
      {"br;q=0.8, gzip;q=0.5", "br"},
      {"*", "br"},
      {"br;q=0, *", "gzip"},
      {"gzip;q=0", "none"},
      {"identity, gzip;q=0.5", "none"},
      {"identity;q=0, gzip", "gzip"},
      {"identity;q=0", "none"},
      {"deflate", "none"},
      {"", "none"},
      {";;;", "none"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.accepted.value_or("(no field)"));
    Headers headers;
    if (row.accepted) headers.emplace_back("Accept-Encoding", *row.accepted);
    const Response response = client.get("/json", headers);
    CHECK(response.status == 200);
    CHECK(codingOf(response) == row.coding);
    CHECK(response.header("Vary") == "Accept-Encoding");
    CHECK(response.header("Content-Type") == "application/json");
    CHECK(decoded(response) == kJson);
    CHECK(response.header("Content-Length") == std::to_string(response.body.size()));
    CHECK((response.body.size() < kJson.size() / 2) == (row.coding != "none"));
  }
}

TEST_CASE("what is small, large, of another type or must stay as it is, is not compressed") {
  h3::App app = appThatCompresses({.maxBytes = 100'000});
  Client client(app);
  const Headers accept{{"Accept-Encoding", "gzip, br"}};
  for (const char* const target : {"/small", "/large", "/image", "/secret", "/status/206"}) {
    CAPTURE(target);
    const Response response = client.get(target, accept);
    CHECK(codingOf(response) == "none");
    CHECK_FALSE(response.header("Vary"));
  }
  const std::pair<std::string, std::string> fields[] = {
      {"Content-Encoding", "zstd"},
      {"Content-Range", "bytes 0-1/2"},
      {"Content-Digest", "sha-256=:AA==:"},
      {"Repr-Digest", "sha-256=:AA==:"},
      {"Cache-Control", "public, No-Transform"},
  };
  for (const auto& field : fields) {
    const auto& [name, value] = field;
    CAPTURE(field.first);
    const Response response =
        client.get("/field", {{"Accept-Encoding", "br"}, {"X-Name", name}, {"X-Value", value}});
    CHECK(response.body == kJson);
    CHECK_FALSE(response.header("Vary"));
  }
  for (const char* const target : {"/status/204", "/status/205", "/status/304"})
    CHECK(codingOf(client.get(target, accept)) == "none");
}

TEST_CASE("both sides of the limits") {
  h3::App app = appThatCompresses({.minBytes = kJson.size(), .maxBytes = kJson.size()});
  CHECK(codingOf(Client(app).get("/json", {{"Accept-Encoding", "br"}})) == "br");
  h3::App larger = appThatCompresses({.minBytes = kJson.size() + 1});
  CHECK(codingOf(Client(larger).get("/json", {{"Accept-Encoding", "br"}})) == "none");
  h3::App smaller = appThatCompresses({.maxBytes = kJson.size() - 1});
  CHECK(codingOf(Client(smaller).get("/json", {{"Accept-Encoding", "br"}})) == "none");
}

TEST_CASE("errors, deferred responses and large bodies are compressed too") {
  h3::App app = appThatCompresses();
  Client client(app);
  const Headers accept{{"Accept-Encoding", "gzip"}};
  const Response error = client.get("/throws", accept);
  CHECK(error.status == 500);
  CHECK(codingOf(error) == "gzip");
  CHECK(decoded(error) == someJson(200));
  CHECK(decoded(client.get("/async", accept)) == kJson);
  const Response large = client.get("/large", accept);
  CHECK(codingOf(large) == "gzip");
  CHECK(large.body.size() > 64 * 1024);
  CHECK(decoded(large) == someJson(20'000));
}

TEST_CASE("a body that does not become smaller is sent as it is, and varies") {
  h3::App app;
  h3::compress(app);
  std::string noise;
  for (std::uint32_t i = 0, state = 1; i < 4000; ++i)
    noise.push_back(static_cast<char>((state = state * 1664525 + 1013904223) >> 24));
  app.get("/", [&noise](Event& event) { event.sendBytes(noise, "text/plain"); });
  Client client(app);
  for (const char* const coding : {"gzip", "br"}) {
    const Response response = client.get("/", {{"Accept-Encoding", coding}});
    CHECK(response.body == noise);
    CHECK(codingOf(response) == "none");
    CHECK(response.header("Vary") == "Accept-Encoding");
  }
}

TEST_CASE("Vary is merged") {
  h3::App app = appThatCompresses();
  Client client(app);
  const struct {
    std::string own;
    std::string sent;
  } rows[] = {{"Origin", "Origin, Accept-Encoding"},
              {"*", "*"},
              {"Cookie, accept-encoding", "Cookie, accept-encoding"},
              {"", ""}};
  for (const auto& row : rows) {
    const Response response =
        client.get("/field", {{"Accept-Encoding", "br"}, {"X-Name", "Vary"}, {"X-Value", row.own}});
    CAPTURE(row.own);
    CHECK(response.headerCount("Vary") == (row.own.empty() ? 2 : 1));
    CHECK(response.header("Vary") == row.sent);
  }
}

TEST_CASE("HEAD has the fields of GET, for small files too") {
  const StaticTree tree;
  tree.write("data.json", kJson);
  h3::App app = appThatCompresses();
  app.get("/files/**:path", h3::serveStatic({.root = tree.root()}));
  Client client(app);
  const Headers accept{{"Accept-Encoding", "br"}};
  for (const char* const target : {"/json", "/files/data.json"}) {
    CAPTURE(target);
    const Response whole = client.get(target, accept);
    const Response head = client.head(target, accept);
    CHECK(head.body.empty());
    for (const char* const name : {"Content-Length", "Content-Encoding", "Vary", "ETag", "Accept-Ranges"})
      CHECK(head.header(name) == whole.header(name));
  }
}

TEST_CASE("a compressed file has a weak tag, which its 304 has too, and no ranges") {
  const StaticTree tree;
  tree.write("data.json", kJson);
  h3::App app;
  h3::compress(app);
  app.get("/**:path", h3::serveStatic({.root = tree.root()}));
  Client client(app);
  const Response plain = client.get("/data.json");
  const Response packed = client.get("/data.json", {{"Accept-Encoding", "gzip"}});
  const std::string strong(plain.header("ETag").value());
  CHECK(strong.starts_with('"'));
  CHECK(packed.header("ETag") == "W/" + strong);
  CHECK(gunzip(packed.body) == kJson);
  CHECK(plain.header("Accept-Ranges") == "bytes");
  CHECK_FALSE(packed.header("Accept-Ranges"));

  const Response unchanged =
      client.get("/data.json", {{"Accept-Encoding", "gzip"}, {"If-None-Match", "W/" + strong}});
  CHECK(unchanged.status == 304);
  CHECK(unchanged.header("ETag") == "W/" + strong);
  CHECK(unchanged.header("Vary") == "Accept-Encoding");
  const Response unchangedPlain = client.get("/data.json", {{"If-None-Match", strong}});
  CHECK(unchangedPlain.status == 304);
  CHECK(unchangedPlain.header("ETag") == strong);

  // A part is of the file as it is; one of the compressed variant cannot be asked for.
  const Response part = client.get("/data.json", {{"Accept-Encoding", "gzip"}, {"Range", "bytes=0-1999"}});
  CHECK(part.status == 206);
  CHECK(codingOf(part) == "none");
  const Response whole = client.get(
      "/data.json", {{"Accept-Encoding", "gzip"}, {"Range", "bytes=0-1999"}, {"If-Range", "W/" + strong}});
  CHECK(whole.status == 200);
  CHECK(gunzip(whole.body) == kJson);
}

TEST_CASE("a scope") {
  h3::App app = appThatCompresses({.scope = {.prefix = "/async", .methods = {}}});
  Client client(app);
  CHECK(codingOf(client.get("/async", {{"Accept-Encoding", "br"}})) == "br");
  const Response outside = client.get("/json", {{"Accept-Encoding", "br"}});
  CHECK(codingOf(outside) == "none");
  CHECK_FALSE(outside.header("Vary"));
}

TEST_CASE("one coding alone") {
  h3::App gzip = appThatCompresses({.brotliQuality = 0});
  CHECK(codingOf(Client(gzip).get("/json", {{"Accept-Encoding", "br, gzip;q=0.1"}})) == "gzip");
  h3::App brotli = appThatCompresses({.gzipLevel = 0});
  CHECK(codingOf(Client(brotli).get("/json", {{"Accept-Encoding", "br;q=0.1, gzip"}})) == "br");
}

TEST_CASE("fields that leave no room for Content-Encoding leave the response as it is") {
  h3::App app;
  h3::compress(app);
  app.get("/", [](Event& event) {
    for (int i = 0; i < 127; ++i) event.appendHeader("X-Many", "1");
    event.appendHeader("Vary", "*");
    event.sendJsonText(kJson);
  });
  const Response response = Client(app).get("/", {{"Accept-Encoding", "br"}});
  CHECK(codingOf(response) == "none");
  CHECK(response.body == kJson);
}

TEST_CASE("wrong options are refused") {
  const auto refuses = [](h3::CompressOptions options) {
    h3::App app;
    CHECK_THROWS_AS(h3::compress(app, std::move(options)), std::invalid_argument);
  };
  refuses({.minBytes = 63});
  refuses({.minBytes = 2000, .maxBytes = 1999});
  refuses({.maxBytes = 16 * 1024 * 1024 + 1});
  refuses({.types = {"text"}});
  refuses({.gzipLevel = 10});
  refuses({.gzipLevel = -1});
  refuses({.brotliQuality = 1});
  refuses({.brotliQuality = 10});
  refuses({.gzipLevel = 0, .brotliQuality = 0});
}
