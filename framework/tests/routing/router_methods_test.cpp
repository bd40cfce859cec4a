// Routes for one method, for all, and for methods by name. Sources: routing/router.cpp, http/method_names.cpp
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "router_results.hpp"

using h3::Method;
using h3::RouteMatch;
using h3::RouteParams;
using h3::Router;
using h3::test::describe;
using h3::test::found;
using h3::test::routerOf;

TEST_CASE("methods") {
  Router router;
  router.add(Method::get, "/a", 1);
  router.add(Method::post, "/a", 2);
  router.add(Method::head, "/b", 3);
  router.add(Method::get, "/b", 4);
  router.add(Method::options, "/c", 5);
  router.add(Method::put, "/c", 6);
  router.addAll("/d", 7);
  router.add(Method::get, "/d", 8);
  router.addAll("/e", 9);
  router.freeze();
  struct Row {
    Method method;
    const char* path;
    const char* found;
  };
  const Row rows[] = {
      {Method::get, "/a", "1"},
      {Method::head, "/a", "1"},
      {Method::post, "/a", "2"},
      {Method::put, "/a", "405 GET, HEAD, POST"},
      {Method::options, "/a", "405 GET, HEAD, POST"},
      {Method::other, "/a", "405 GET, HEAD, POST"},
      {Method::head, "/b", "3"},
      {Method::get, "/b", "4"},
      {Method::options, "/c", "5"},
      {Method::get, "/c", "405 PUT, OPTIONS"},
      {Method::head, "/c", "405 PUT, OPTIONS"},
      {Method::get, "/d", "8"},
      {Method::head, "/d", "8"},
      {Method::del, "/d", "7"},
      {Method::other, "/d", "7"},
      {Method::head, "/e", "9"},
      {Method::connect, "/e", "9"},
      {Method::put, "/none", "404"},
  };
  for (const Row& row : rows) {
    CAPTURE(toString(row.method));
    CAPTURE(row.path);
    CHECK(found(router, row.method, row.path) == row.found);
  }
}

TEST_CASE("methods by name: found like the others, after the routes of one method those of all") {
  Router router;
  router.add("PROPFIND", "/a", 1);
  router.add("GET", "/a", 2);
  router.add("QUERY", "/a", 3);
  router.add("PROPFIND", "/b/:id?", 4);
  router.add("PROPFIND", "/c/me", 5);
  router.add("QUERY", "/c/:id", 6);
  router.addAll("/d", 7);
  router.add("QUERY", "/d", 8);
  router.freeze();
  struct Row {
    const char* method;
    const char* path;
    const char* found;
  };
  const Row rows[] = {
      {"PROPFIND", "/a", "1"},
      {"QUERY", "/a", "3"},
      {"LOCK", "/a", "405 GET, HEAD + PROPFIND QUERY"},
      {"propfind", "/a", "405 GET, HEAD + PROPFIND QUERY"},
      {"PROPFIND", "/b", "4"},
      {"PROPFIND", "/b/1", "4 id=1"},
      {"QUERY", "/b/1", "405  + PROPFIND"},
      {"QUERY", "/c/me", "6 id=me"},
      {"PROPFIND", "/c/me", "5"},
      {"LOCK", "/c/me", "405  + PROPFIND QUERY"},
      {"LOCK", "/d", "7"},
      {"QUERY", "/d", "8"},
      {"PROPFIND", "/none", "404"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method);
    CAPTURE(row.path);
    RouteParams params;
    const RouteMatch match = router.findByName(row.method, row.path, params);
    CHECK(describe(router, match, params, row.path) == row.found);
  }
  CHECK(found(router, Method::get, "/a") == "2");
  CHECK(found(router, Method::post, "/a") == "405 GET, HEAD + PROPFIND QUERY");
  CHECK(found(router, Method::post, "/b") == "405  + PROPFIND");
}

TEST_CASE("methods by name: a second route for the same paths, and too many names") {
  Router router;
  router.add("QUERY", "/:a", 1);
  CHECK_THROWS_WITH_AS(
      router.add("QUERY", "/:b", 2),
      "route QUERY \"/:b\": the same paths are already routed by \"/:a\"; remove one of the two",
      std::invalid_argument);
  for (std::size_t i = 1; i < h3::MethodNames::kMaxMethods; ++i) router.add("M" + std::to_string(i), "/", 3);
  CHECK_THROWS_AS(router.add("TOO-MANY", "/", 4), std::invalid_argument);
  CHECK_NOTHROW(router.add("QUERY", "/more", 5));
}

TEST_CASE("the search continues when a path fits and the method does not; 405 names all methods that would") {
  Router router;
  router.add(Method::get, "/users/me", 1);
  router.add(Method::post, "/users/:id", 2);
  router.add(Method::del, "/users/**", 3);
  router.freeze();
  CHECK(found(router, Method::post, "/users/me") == "2 id=me");
  CHECK(found(router, Method::del, "/users/me") == "3");
  CHECK(found(router, Method::put, "/users/me") == "405 GET, HEAD, POST, DELETE");
  CHECK(found(router, Method::put, "/users/x") == "405 POST, DELETE");
  CHECK(found(router, Method::put, "/users/x/y") == "405 DELETE");
}
