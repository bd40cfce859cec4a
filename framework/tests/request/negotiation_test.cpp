#include "h3http/negotiation.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;

namespace {

using Offers = std::initializer_list<std::string_view>;
using Negotiate = std::optional<std::string_view> (*)(const h3::Event&, Offers);

// The choice for these field lines, "none" without one.
std::string choose(Negotiate negotiate, const std::string& fields, Offers offers) {
  std::string chosen;
  h3::App app;
  app.get("/", [&](h3::Event& event) {
    chosen = negotiate(event, offers).value_or("none");
    event.sendText("");
  });
  LocalWorker worker(app);
  worker.run(requestText("GET", "/", fields));
  return chosen;
}

std::string chooseType(const std::string& accept, Offers offers) {
  return choose(h3::accepts, "Accept: " + accept + "\r\n", offers);
}

}  // namespace

TEST_CASE("media types: weights, then the order of the offers") {
  const Offers offers = {"application/json", "text/html"};
  CHECK(choose(h3::accepts, "", offers) == "application/json");
  CHECK(chooseType("text/html", offers) == "text/html");
  CHECK(chooseType("TEXT/HTML", offers) == "text/html");
  CHECK(chooseType("*/*", offers) == "application/json");
  CHECK(chooseType("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", offers) == "text/html");
  CHECK(chooseType("application/json;q=0.5, text/html;q=0.6", offers) == "text/html");
  CHECK(chooseType("application/json;q=0.999, text/html;q=1.000", offers) == "text/html");
  CHECK(chooseType("text/*", offers) == "text/html");
  CHECK(chooseType("image/png", offers) == "none");
  CHECK(chooseType("application/json;q=0, */*", offers) == "text/html");
  CHECK(chooseType("*/*;q=0", offers) == "none");
  CHECK(choose(h3::accepts, "Accept: image/png\r\naccept: text/html\r\n", offers) == "text/html");
  CHECK(chooseType("text/html", {}) == "none");
}

TEST_CASE("media types: the most specific range counts (RFC 9110 12.5.1)") {
  const std::string accept = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.5";
  CHECK(chooseType(accept, {"text/plain", "text/plain;format=flowed"}) == "text/plain;format=flowed");
  CHECK(chooseType(accept, {"text/html", "image/jpeg"}) == "image/jpeg");
  CHECK(chooseType(accept, {"text/html", "text/plain; format=fixed"}) == "text/plain; format=fixed");
  CHECK(chooseType("text/html;level=1 ; q=0.4, text/html;q=0.7", {"text/html;level=1", "text/html"}) ==
        "text/html");
  CHECK(chooseType("a/b;x=\"1,2;q=0\", c/d;q=0.1", {"c/d", "a/b;x=\"1,2;q=0\""}) == "a/b;x=\"1,2;q=0\"");
}

TEST_CASE("malformed elements are ignored; a field of nothing else is as none") {
  const Offers offers = {"application/json", "text/html"};
  for (const char* accept : {"", ",", "text", "text/", "/html", "text/html;q=2", "text/html;q=0.1234",
                             "text/html;q=", "text/html;q=\"1\"", "text/html;q=1.1", "text/html;q=-1",
                             "text/ html", "text/html;q", "\"text/html", "text/html text/html"}) {
    CAPTURE(accept);
    CHECK(chooseType(accept, offers) == "application/json");
  }
  CHECK(chooseType("application/json;q=x, text/html;q=0.1", offers) == "text/html");
}

TEST_CASE("languages: prefixes, and ranges that are more exact than the offers") {
  const auto language = [](const std::string& field, Offers offers) {
    return choose(h3::acceptsLanguage, "Accept-Language: " + field + "\r\n", offers);
  };
  CHECK(language("da, en-GB;q=0.8, en;q=0.7", {"en", "en-gb"}) == "en-gb");
  CHECK(language("de", {"en", "de-CH"}) == "de-CH");
  CHECK(language("de", {"den"}) == "none");
  CHECK(language("de-CH, *;q=0.1", {"en", "de"}) == "de");
  CHECK(language("de-CH;q=0, *;q=0.1", {"de"}) == "de");
  CHECK(language("fr", {"en", "de"}) == "none");
  CHECK(language("fr, *;q=0.5", {"en", "de"}) == "en");
  CHECK(language("en;q=0, *", {"en-US", "de"}) == "de");
  CHECK(choose(h3::acceptsLanguage, "", {"en", "de"}) == "en");
}

TEST_CASE("codings: identity is accepted unless refused (RFC 9110 12.5.3)") {
  const auto coding = [](const std::string& field, Offers offers) {
    return choose(h3::acceptsEncoding, "Accept-Encoding: " + field + "\r\n", offers);
  };
  const Offers offers = {"br", "gzip", "identity"};
  CHECK(choose(h3::acceptsEncoding, "", offers) == "identity");
  CHECK(choose(h3::acceptsEncoding, "", {"br", "gzip"}) == "br");
  CHECK(coding("", offers) == "identity");
  CHECK(coding("gzip, deflate, br", offers) == "br");
  CHECK(coding("gzip", offers) == "gzip");
  CHECK(coding("x-gzip", offers) == "gzip");
  CHECK(coding("gzip;q=0.5, identity", offers) == "identity");
  CHECK(coding("zstd", offers) == "identity");
  CHECK(coding("zstd, identity;q=0", offers) == "none");
  CHECK(coding("*;q=0", offers) == "none");
  CHECK(coding("gzip;q=0", {"gzip"}) == "none");
  CHECK(coding("*", offers) == "br");
  CHECK(choose(h3::acceptsCharset, "Accept-Charset: iso-8859-1;q=0.5, UTF-8\r\n", {"iso-8859-1", "utf-8"}) ==
        "utf-8");
}

TEST_CASE("negotiation allocates nothing") {
  h3::App app;
  app.get("/", [](h3::Event& event) {
    event.sendView(*h3::accepts(event, {"application/json", "text/html"}), "text/plain");
  });
  LocalWorker worker(app);
  const std::string request =
      requestText("GET", "/", "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n");
  for (int i = 0; i < 3; ++i) (void)worker.run(request);
  const AllocationCounter counter;
  for (int i = 0; i < 10; ++i) (void)worker.run(request);
  CHECK(counter.count() == 0);
}

TEST_CASE("random fields: one of the offers, or none") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  h3::App app;
  int chosen = 0;
  app.get("/", [&chosen](h3::Event& event) {
    for (const Negotiate negotiate :
         {&h3::accepts, &h3::acceptsLanguage, &h3::acceptsEncoding, &h3::acceptsCharset}) {
      const auto choice = negotiate(event, {"text/html", "en", "gzip", "identity"});
      if (choice) ++chosen;
    }
    event.sendText("");
  });
  LocalWorker worker(app);
  const std::string_view pieces[] = {"text", "/",  "*", "html", ",", ";", "q", "=", "0.5", "1",
                                     "\"",   "\\", " ", "\t",   "x", ".", "0", "-", "en",  "gzip"};
  for (int i = 0; i < 20'000; ++i) {
    std::string value;
    for (std::size_t count = random() % 30; count != 0; --count)
      value.append(pieces[random() % std::size(pieces)]);
    CAPTURE(value);
    std::string fields;
    for (const char* name : {"Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset"})
      fields.append(name).append(": ").append(value).append("\r\n");
    CHECK(worker.run(requestText("GET", "/", fields)).status() == 200);
  }
  CHECK(chosen > 0);
}

TEST_CASE("varyBy adds a name once, to the field that is there") {
  const struct {
    std::vector<std::string> own;
    std::vector<std::string> sent;
  } rows[] = {{{}, {"Accept"}},
              {{"Origin"}, {"Origin, Accept"}},
              {{"Origin", "Cookie"}, {"Origin", "Cookie, Accept"}},
              {{"accept"}, {"accept"}},
              {{"Cookie , ACCEPT"}, {"Cookie , ACCEPT"}},
              {{"*"}, {"*"}},
              {{"Accept-Encoding"}, {"Accept-Encoding, Accept"}}};
  for (const auto& row : rows) {
    h3::App app;
    app.get("/", [&row](h3::Event& event) {
      for (const std::string& value : row.own) event.appendHeader("Vary", value);
      h3::varyBy(event, "Accept");
      h3::varyBy(event, "Accept");
      event.sendText("");
    });
    LocalWorker worker(app);
    std::vector<std::string> sent;
    for (const auto& field : h3::EventState::of(worker.run(requestText("GET", "/"))).fields.all())
      sent.emplace_back(field.value);
    CHECK(sent == row.sent);
  }
  h3::App wrong;
  wrong.get("/", [](h3::Event& event) { h3::varyBy(event, "no name"); });
  LocalWorker worker(wrong);
  CHECK(worker.run(requestText("GET", "/")).status() == 500);
}
