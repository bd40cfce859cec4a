#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <leakgate/testing.hpp>
#include <map>
#include <string>

TEST_CASE("a session forgets its keys") {
  std::map<std::string, std::string> session;
  leakgate::testing::requireNoGrowth([&] {
    session["user"] = "a name that is too long to be kept in the string itself";
    session.clear();
  });
}
