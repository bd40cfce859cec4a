#include "h3http/method.hpp"

#include <doctest/doctest.h>

#include <string>

using h3::Method;
using h3::MethodSet;

TEST_CASE("methods: each name there and back, everything else is other") {
  for (std::size_t i = 0; i + 1 < h3::kMethodCount; ++i) {
    const auto method = static_cast<Method>(i);
    CHECK((h3::parseMethod(toString(method)) == method));
  }
  CHECK(toString(Method::del) == "DELETE");
  for (const char* token : {"", "get", "Get", "GETS", "GE", "PROPFIND", "OTHER", "DEL", "GET "}) {
    CAPTURE(token);
    CHECK((h3::parseMethod(token) == Method::other));
  }
}

TEST_CASE("method sets list themselves in a fixed order") {
  MethodSet set;
  std::string text;
  set.appendTo(text);
  CHECK(text.empty());
  CHECK(set.empty());
  set.add(Method::post);
  set.add(Method::get);
  set.add(Method::other);
  set.appendTo(text);
  CHECK(text == "GET, POST");
  CHECK((set.count() == 3));
  CHECK(set.contains(Method::post));
  CHECK_FALSE(set.contains(Method::head));
  text.clear();
  MethodSet::all().appendTo(text);
  CHECK(text == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT");
  set.add(MethodSet::all());
  CHECK((set == MethodSet::all()));
}
