#include "server/address_names.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <string>

#include "support/served_app.hpp"

using h3::server::addressesOf;

TEST_CASE("numeric addresses stand for themselves, names for all of theirs") {
  CHECK(addressesOf("127.0.0.1") == std::vector<std::string>{"127.0.0.1"});
  CHECK(addressesOf("::1") == std::vector<std::string>{"::1"});
  const auto local = addressesOf("localhost");
  CHECK(std::count(local.begin(), local.end(), "127.0.0.1") == 1);
}

TEST_CASE("a name without an address is an error that has the name") {
  std::string what;
  try {
    (void)addressesOf("no such name");
  } catch (const boost::system::system_error& error) {
    what = error.what();
  }
  CHECK(what.starts_with("cannot listen on no such name: no address of that name"));
}

TEST_CASE("a server on localhost") {
  h3::App app;
  app.get("/", [](h3::Event&) { return "here"; });
  h3::Config config = h3::Config::testing();
  config.address = "localhost";
  config.threads = 2;
  const h3::test::ServedApp served(app, config);
  CHECK(served.get("/").body == "here");
}
