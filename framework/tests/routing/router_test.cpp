#include "routing/router.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "h3http/detail/route_pattern.hpp"
#include "router_results.hpp"

using h3::Method;
using h3::RouteMatch;
using h3::RouteParams;
using h3::Router;
using h3::test::found;
using h3::test::repeated;
using h3::test::routerOf;

TEST_CASE("paths and the routes they find") {
  const Router router = routerOf({
      "/",                                         // 0
      "/users",                                    // 1
      "/users/",                                   // 2
      "/users/me",                                 // 3
      R"(/users/:id(\d+))",                        // 4
      "/users/:name",                              // 5
      "/users/:id/posts",                          // 6
      "/users/me/posts/:post",                     // 7
      "/users/*/keys",                             // 8
      "/files/**:rest",                            // 9
      "/files/readme",                             // 10
      "/:lang/about",                              // 11
      "/opt/:a?",                                  // 12
      "/a/*/c/**",                                 // 13
      "/a/b/:c/d",                                 // 14
      "/a-literal-of-more-than-sixteen-bytes/x",   // 15
      "/a-literal-of-more-than-sixteen-bytes!/x",  // 16
      "/v1/items:batch",                           // 17
  });
  struct Row {
    const char* path;
    const char* found;
  };
  const Row rows[] = {
      {"/", "0"},
      {"//", "404"},
      {"", "404"},
      {"*", "404"},
      {"users", "404"},
      {"/users", "1"},
      {"/users/", "2"},
      {"/users//", "404"},
      {"/Users", "404"},
      {"/user", "404"},
      {"/userss", "404"},
      {"/users/me", "3"},
      {"/users/42", "4 id=42"},
      {"/users/42x", "5 name=42x"},
      {"/users/mee", "5 name=mee"},
      {"/users/%7Eme", "5 name=%7Eme"},
      {"/users/me/", "404"},
      {"/users/42/posts", "6 id=42"},
      {"/users/me/posts", "6 id=me"},  // Back from the literal.
      {"/users/me/posts/7", "7 post=7"},
      {"/users/me/keys", "8"},
      {"/users/x/posts/7", "404"},
      {"/users//posts", "404"},
      {"/files", "9 rest="},
      {"/files/", "9 rest="},
      {"/files/a", "9 rest=a"},
      {"/files/a/b.txt", "9 rest=a/b.txt"},
      {"/files/a//", "9 rest=a//"},
      {"/files/a%20b", "9 rest=a%20b"},
      {"/files/a%2Fb", "404"},  // a named rest has slashes only where the path has
      {"/a/b/c/x%2Fy", "13"},
      {"/users/a%2Fb", "5 name=a%2Fb"},
      {"/files/readme", "10"},
      {"/files/readme/", "9 rest=readme/"},
      {"/filesx", "404"},
      {"/en/about", "11 lang=en"},
      {"/users/about", "5 name=about"},
      {"/opt", "12"},
      {"/opt/", "404"},
      {"/opt/x", "12 a=x"},
      {"/opt/x/y", "404"},
      {"/a/b/c/d", "14 c=c"},
      {"/a/b/c/e", "13"},  // Back over two levels.
      {"/a/b/c", "13"},
      {"/a/x/c/y/z", "13"},
      {"/a//c", "404"},
      {"/a-literal-of-more-than-sixteen-bytes/x", "15"},
      {"/a-literal-of-more-than-sixteen-bytes!/x", "16"},
      {"/a-literal-of-more-than-sixteen-bytes?/x", "404"},
      {"/v1/items:batch", "17"},
      {"/presentations/logstash-monitorama-2013/images/kibana-search.png", "404"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(found(router, Method::get, row.path) == row.found);
  }
}

TEST_CASE("names belong to the route, not to the place") {
  Router router;
  router.add(Method::get, "/x/:id", 1);
  router.add(Method::post, "/x/:name", 2);
  router.add(Method::get, "/x/:user/y/:item", 3);
  router.add(Method::get, "/r/:a/**", 4);
  router.add(Method::post, "/r/:b/**:rest", 5);
  router.freeze();
  CHECK(found(router, Method::get, "/x/7") == "1 id=7");
  CHECK(found(router, Method::post, "/x/7") == "2 name=7");
  CHECK(found(router, Method::get, "/x/7/y/8") == "3 user=7 item=8");
  CHECK(found(router, Method::get, "/r/1/2/3") == "4 a=1");
  CHECK(found(router, Method::post, "/r/1/2/3") == "5 b=1 rest=2/3");
}

TEST_CASE("constraints are tried in order of registration, before the plain parameter") {
  Router router;
  router.add(Method::get, "/:any", 1);
  router.add(Method::get, R"(/:n(\d+))", 2);
  router.add(Method::get, R"(/:h([0-9a-f]+))", 3);
  router.freeze();
  CHECK(found(router, Method::get, "/12") == "2 n=12");
  CHECK(found(router, Method::get, "/1f") == "3 h=1f");
  CHECK(found(router, Method::get, "/1g") == "1 any=1g");
}

TEST_CASE("values are views into the path") {
  const Router router = routerOf({"/a/:x/**:rest"});
  const std::string path = "/a/value/more/and/more";
  RouteParams params;
  router.find(Method::get, path, params);
  REQUIRE(params.size() == 2);
  CHECK(params[0].value.data() == path.data() + 3);
  CHECK(params.find("rest")->data() == path.data() + 9);
  CHECK_FALSE(params.find("none"));
  CHECK(router.find(Method::get, "/none", params).outcome == RouteMatch::Outcome::notFound);
  CHECK(params.empty());
}

TEST_CASE("all sixteen parameters, and the limit of the container") {
  std::string pattern, path, expected = "0";
  for (int i = 0; i < 16; ++i) {
    pattern += "/:n" + std::to_string(i);
    path += "/v" + std::to_string(i);
    expected += " n" + std::to_string(i) + "=v" + std::to_string(i);
  }
  Router router;
  router.add(Method::get, pattern + "/**", 0);
  router.freeze();
  CHECK(found(router, Method::get, path + "/rest") == expected);
  RouteParams params;
  for (std::size_t i = 0; i < RouteParams::kCapacity; ++i) CHECK(params.add("n", "v"));
  CHECK_FALSE(params.add("n", "v"));
  CHECK(params.size() == 16);
}

TEST_CASE("deep paths") {
  const Router router = routerOf({"/**:all", "/a/a"});
  const std::string deepest = repeated("/a", 32);
  CHECK(found(router, Method::get, deepest) == "0 all=" + deepest.substr(1));
  const std::string deeper = repeated("/a", 5000);
  CHECK(found(router, Method::get, deeper) == "0 all=" + deeper.substr(1));

  Router exact;
  exact.add(Method::get, deepest, 1);
  exact.add(Method::get, "/b" + repeated("/*", 31), 2);
  exact.freeze();
  CHECK(found(exact, Method::get, deepest) == "1");
  CHECK(found(exact, Method::get, deepest + "/a") == "404");
  CHECK(found(exact, Method::get, deepest + "/") == "404");
  CHECK(found(exact, Method::get, repeated("/b", 32)) == "2");
  CHECK(found(exact, Method::get, repeated("/b", 33)) == "404");
}

TEST_CASE("what is registered twice is refused, also in other words") {
  struct Row {
    const char* first;
    const char* second;
    bool refused;
  };
  const Row rows[] = {
      {"/a", "/a", true},           {"/a/:x", "/a/:y", true},      {"/a/**", "/a/**:r", true},
      {"/a/:x?", "/a", true},       {"/a", "/a/:x?", true},        {"/a/:x?", "/a/:y", true},
      {"/:a(x+)", "/:b(x+)", true}, {"/a/*", "/a/*", true},        {"/a", "/a/", false},
      {"/a/:x", "/a/*", false},     {"/:a(x+)", "/:a(y+)", false}, {"/a/*", "/a/**", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.first);
    CAPTURE(row.second);
    Router router;
    router.add(Method::get, row.first, 1);
    CHECK_NOTHROW(router.add(Method::post, row.second, 2));
    if (row.refused) {
      CHECK_THROWS_AS(router.add(Method::get, row.second, 3), std::invalid_argument);
      CHECK(router.routeCount() == 2);
    } else {
      CHECK_NOTHROW(router.add(Method::get, row.second, 3));
    }
  }
  Router router;
  router.addAll("/a", 1);
  CHECK_THROWS_AS(router.addAll("/a", 2), std::invalid_argument);
  CHECK_NOTHROW(router.add(Method::get, "/a", 3));
}

TEST_CASE("a refused route leaves no trace, and a frozen router takes no more") {
  Router router;
  router.add(Method::get, "/a/:x", 1);
  CHECK_THROWS_AS(router.add(Method::get, "/a/:x?", 2), std::invalid_argument);
  CHECK_THROWS_AS(router.add(Method::get, "/b/:c(", 2), h3::RoutePatternError);
  CHECK_FALSE(router.isFrozen());
  router.freeze();
  router.freeze();
  CHECK(router.isFrozen());
  CHECK(found(router, Method::get, "/a") == "404");
  CHECK(found(router, Method::get, "/b") == "404");
  CHECK_THROWS_AS(router.add(Method::get, "/c", 3), std::logic_error);
  const Router moved = std::move(router);
  CHECK(found(moved, Method::get, "/a/1") == "1 x=1");
}

TEST_CASE("threads share a frozen router without locks") {
  const Router router = routerOf({R"(/users/:id(\d+))", "/users/me", "/files/**:rest"});
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&router, &wrong, t] {
      const std::string path = "/users/" + std::to_string(t);
      const std::string expected = "0 id=" + std::to_string(t);
      for (int i = 0; i < 500; ++i) wrong += found(router, Method::get, path) == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("an empty router finds nothing") {
  const Router router = routerOf({});
  CHECK(found(router, Method::get, "/") == "404");
}

TEST_CASE("a thousand routes, and no allocation to find them") {
  Router router;
  for (std::uint32_t i = 0; i < 1000; ++i)
    router.add(Method::get, "/api/v1/resource" + std::to_string(i) + "/:id/detail", i);
  router.freeze();
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const std::string path = "/api/v1/resource" + std::to_string(i) + "/77/detail";
    RouteParams params;
    h3::test::AllocationCounter use;
    const RouteMatch match = router.find(Method::get, path, params);
    CHECK(use.count() == 0);
    CHECK(match.routeId == i);
    CHECK(params.find("id") == "77");
  }
}
