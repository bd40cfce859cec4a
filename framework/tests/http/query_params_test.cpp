#include "h3http/query_params.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "../memory/allocation_counter.hpp"
#include "h3http/arena.hpp"
#include "http/percent.hpp"

using h3::Arena;
using h3::QueryParams;

TEST_CASE("pairs") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  struct Row {
    const char* query;
    Pairs pairs;
  };
  const Row rows[] = {
      {"", {}},           {"a=1", {{"a", "1"}}},         {"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
      {"a", {{"a", ""}}}, {"a=", {{"a", ""}}},           {"=1", {{"", "1"}}},
      {"=", {{"", ""}}},  {"a=b=c", {{"a", "b=c"}}},     {"&&a=1&&&b&", {{"a", "1"}, {"b", ""}}},
      {"&", {}},          {"a=1;b=2", {{"a", "1;b=2"}}}, {"flav=rss20", {{"flav", "rss20"}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.query);
    Pairs found;
    for (const auto& [name, value] : QueryParams(row.query)) found.emplace_back(name, value);
    CHECK(found == row.pairs);
  }
}

TEST_CASE("find compares decoded names, and the first of equal names counts") {
  Arena arena;
  const QueryParams params("%69d=7&i=%7Bx%7D&full+name=Ada+L&i=2&empty=");
  CHECK(params.find("id", arena) == "7");
  CHECK(params.find("i", arena) == "{x}");
  CHECK(params.findRaw("i") == "%7Bx%7D");
  CHECK(params.find("full name", arena) == "Ada L");
  CHECK(params.find("empty", arena) == "");
  CHECK_FALSE(params.find("full+name", arena));
  CHECK_FALSE(params.find("none", arena));
  CHECK_FALSE(params.find("", arena));
  CHECK_FALSE(QueryParams().find("a", arena));
}

TEST_CASE("both sides of the pair limit") {
  std::string query;
  for (int i = 0; i < 1000; ++i) query.append("k").append(std::to_string(i)).append("=v&&");
  CHECK_FALSE(QueryParams(query).tooMany());
  CHECK(QueryParams(query).findRaw("k999") == "v");
  query += "last=1";
  CHECK(QueryParams(query).tooMany());
  CHECK_FALSE(QueryParams(query).findRaw("last"));
  CHECK(QueryParams(query).findRaw("k999") == "v");
}

TEST_CASE("looking up allocates nothing") {
  Arena arena;
  h3::test::AllocationCounter use;
  const QueryParams params("a=1&b=%32&c=3");
  CHECK(params.find("b", arena) == "2");
  CHECK(use.count() == 0);
}
