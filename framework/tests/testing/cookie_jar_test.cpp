#include "testing/cookie_jar.hpp"

#include <doctest/doctest.h>

#include <string>

using h3::test::CookieJar;

namespace {

constexpr std::time_t kNow = 1'700'000'000;

// The Cookie field to `path` after one Set-Cookie in a response to `from`.
std::string sentTo(std::string_view path, std::string_view field, std::string_view from = "/") {
  CookieJar jar;
  jar.store(field, "test", from, kNow);
  return jar.fieldFor(path, kNow);
}

}  // namespace

TEST_CASE("a cookie goes where its path allows") {
  const struct {
    std::string_view field, from, to, sent;
  } cases[] = {
      {"a=1", "/", "/", "a=1"},
      {"a=1", "/", "/x/y?z=1", "a=1"},
      {"a=1", "/x/y", "/x/z", "a=1"},  // the default path is that of the folder
      {"a=1", "/x/y", "/x", "a=1"},
      {"a=1", "/x/y?p=/q/r", "/x", "a=1"},
      {"a=1", "/x/y", "/xy", ""},
      {"a=1", "/x/y", "/", ""},
      {"a=1; Path=/", "/x/y", "/", "a=1"},
      {"a=1; Path=/p", "/", "/p?q", "a=1"},
      {"a=1; Path=/p", "/", "/pq", ""},
      {"a=1; Path=/p/", "/", "/p/q", "a=1"},
      {"a=1; Path=relative", "/x/y", "/x/z", "a=1"},
      {" a = 1 ; Path=/", "/", "/", "a=1"},
      {"a=b=c", "/", "/", "a=b=c"},
      {"a=", "/", "/", "a="},
      {"a", "/", "/", ""},
      {"=1", "/", "/", ""},
      {"__Host-a=1; Secure; HttpOnly; SameSite=Lax; Path=/", "/", "/", "__Host-a=1"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.field);
    CAPTURE(c.to);
    CHECK(sentTo(c.to, c.field, c.from) == c.sent);
  }
}

TEST_CASE("a cookie for another domain is none") {
  CookieJar jar;
  jar.store("a=1; Domain=example.com", "www.example.com", "/", kNow);
  jar.store("b=1; Domain=.Example.com", "www.example.com", "/", kNow);
  jar.store("c=1; Domain=evil.com", "www.example.com", "/", kNow);
  jar.store("d=1; Domain=ample.com", "www.example.com", "/", kNow);
  CHECK(jar.fieldFor("/", kNow) == "a=1; b=1");
}

TEST_CASE("cookies expire, and Max-Age wins over Expires") {
  CHECK(sentTo("/", "a=1; Max-Age=1") == "a=1");
  CHECK(sentTo("/", "a=1; Max-Age=0") == "");
  CHECK(sentTo("/", "a=1; Max-Age=-1") == "");
  CHECK(sentTo("/", "a=1; Max-Age=soon") == "a=1");
  CHECK(sentTo("/", "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT") == "");
  CHECK(sentTo("/", "a=1; Expires=never") == "a=1");
  CHECK(sentTo("/", "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT") == "a=1");
  CookieJar jar;
  jar.store("a=1; Max-Age=60", "test", "/", kNow);
  CHECK(jar.fieldFor("/", kNow + 59) == "a=1");
  CHECK(jar.fieldFor("/", kNow + 60) == "");
}

TEST_CASE("a later cookie of the same name and path replaces, an expired one deletes") {
  CookieJar jar;
  jar.set("a", "1");
  jar.store("a=2", "test", "/", kNow);
  CHECK(jar.find("a") == "2");
  jar.store("a=3; Path=/x", "test", "/", kNow);
  CHECK(jar.fieldFor("/x", kNow) == "a=3; a=2");
  jar.store("a=; Max-Age=0", "test", "/", kNow);
  CHECK(jar.fieldFor("/x", kNow) == "a=3");
  jar.clear();
  CHECK_FALSE(jar.find("a"));
}

TEST_CASE("a jar is bounded") {
  CookieJar jar;
  for (std::size_t i = 0; i <= CookieJar::kMaxCookies; ++i) jar.set("c" + std::to_string(i), "1");
  CHECK_FALSE(jar.find("c0"));
  CHECK(jar.find("c1"));
  CHECK(jar.find("c" + std::to_string(CookieJar::kMaxCookies)));
}
