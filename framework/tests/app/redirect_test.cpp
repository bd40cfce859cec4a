#include "h3http/redirect.hpp"

#include <doctest/doctest.h>

#include <string>

#include "h3http/testing.hpp"

TEST_CASE("what leads to this origin, and what a browser takes elsewhere") {
  for (const char* const local : {"/", "/notes", "/notes?page=2#top", "/login?next=https://a.example//x",
                                  "/a:b@c", "/%2F%2Fevil.example", "/#//x"})
    CHECK_MESSAGE(h3::isLocalTarget(local), local);
  for (const char* const elsewhere : {"",
                                      "notes",
                                      "?a",
                                      "#a",
                                      "//evil.example",
                                      "///evil.example",
                                      "/\\evil.example",
                                      "\\\\evil.example",
                                      "/\t/evil.example",
                                      "\t//evil.example",
                                      "/\n/evil.example",
                                      " /",
                                      "/a b",
                                      "https://evil.example/",
                                      "https:/evil.example",
                                      "javascript:alert(1)",
                                      "/a//b",
                                      "/..//evil.example",
                                      "/\x7f",
                                      "/a\r\nSet-Cookie: x=1"})
    CHECK_MESSAGE(!h3::isLocalTarget(elsewhere), elsewhere);
  CHECK_FALSE(h3::isLocalTarget(std::string_view("/\0/", 3)));
  CHECK(h3::isLocalTarget("/" + std::string(2047, 'a')));
  CHECK_FALSE(h3::isLocalTarget("/" + std::string(2048, 'a')));
}

TEST_CASE("redirectLocally falls back to the program's own target") {
  h3::App app;
  app.get("/go",
          [](h3::Event& event) { h3::redirectLocally(event, event.getQuery("next").value_or(""), "/home"); });
  h3::test::Client client(app);
  const auto followed = [&client](const char* target) {
    const h3::test::Response response = client.get(target);
    CHECK(response.status == 303);
    return std::string(response.header("Location").value_or(""));
  };
  CHECK(followed("/go?next=/notes%3Fpage=2") == "/notes?page=2");
  CHECK(followed("/go?next=//evil.example") == "/home");
  CHECK(followed("/go?next=%09//evil.example") == "/home");
  CHECK(followed("/go") == "/home");
}
