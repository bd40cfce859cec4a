// The built leakgate over two commits.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "history_fixture.hpp"

using namespace leakgate::test;
using nlohmann::json;

namespace {

const std::string kBuild = "cc -g -O0 -o server server.c";

struct Comparing {
  Leakgate leakgate;
  History history{leakgate.folder / "repository", {{3}, {3}, {4}, {.builds = false}, {2}}};

  Comparing() { leakgate.directory = history.folder(); }

  json run(std::vector<std::string> options, int expected) {
    options.insert(options.begin(), {"compare", "--json"});
    const int status = leakgate.run(options);
    CAPTURE(leakgate.err);
    CHECK(status == expected);
    REQUIRE_FALSE(leakgate.out.empty());
    return json::parse(leakgate.out).at(0);
  }
};

}  // namespace

TEST_CASE("compare: counts of two commits are exact, and the repository stays as it was") {
  Comparing sides;
  const std::string before = sides.history.state();
  const json worse = sides.run({"c1..c3", sides.history.scenario(), "--rounds", "0", "--build", kBuild}, 1);
  CHECK(worse.at("verdict") == "worse");
  CHECK(worse.at("count_runs") == 3);
  CHECK(worse.at("counts").at("places")[0].dump().find("work") != std::string::npos);
  const json same = sides.run({"c1..c2", sides.history.scenario(), "--rounds", "0", "--build", kBuild}, 0);
  CHECK(same.at("verdict") == "same");
  const json better = sides.run({"c3..c5", sides.history.scenario(), "--rounds", "0", "--build", kBuild}, 0);
  CHECK(better.at("verdict") == "better");
  CHECK(sides.history.state() == before);
  CHECK(sides.leakgate.leftNothing());
}

TEST_CASE("compare: times of two built programs come with interval, control and A/A") {
  Comparing sides;
  const std::string build =
      "cd '" + sides.history.folder().string() + "' && " + kBuild + " && cp server ../old";
  REQUIRE(std::system(build.c_str()) == 0);
  const std::string old = (sides.history.folder() / "../old").string() + " {port}";
  sides.leakgate.run({"compare", "--json", "--a-target", old, "--b-target", "./server {port}", "--rounds",
                      "8", sides.history.scenario()});
  CAPTURE(sides.leakgate.err);
  CHECK(sides.leakgate.err.find("8 rounds of 4 starts, about ") != std::string::npos);
  const json result = json::parse(sides.leakgate.out).at(0);
  // On a busy machine rounds may be void; what there is, is complete.
  CHECK(result.at("rounds").get<int>() + result.at("void_rounds").get<int>() >= 8);
  CHECK(result.at("rounds").get<int>() <= 8);
  for (const json& change : result.at("changes")) CHECK(change.contains("percent_low"));
}

TEST_CASE("compare: wrong usage is named, a side that does not build is exit 3") {
  Comparing sides;
  const auto refused = [&](Words words, int expected) {
    words.insert(words.begin(), "compare");
    words.push_back(sides.history.scenario());
    CHECK(sides.leakgate.run(words) == expected);
    return sides.leakgate.err;
  };
  CHECK(refused({}, 2).find("found no two sides") != std::string::npos);
  CHECK(refused({"c1..c2"}, 2).find("--build") != std::string::npos);
  CHECK(refused({"c1...c2", "--build", kBuild}, 2).find("two dots") != std::string::npos);
  CHECK(refused({"c1..c2", "--a-target", "x"}, 2).find("together with") != std::string::npos);
  CHECK(refused({"c1..v9", "--build", kBuild}, 2).find("\"v9\"") != std::string::npos);
  CHECK(refused({"c1..c2", "--build", kBuild, "--rounds", "3"}, 2).find("8 or more") != std::string::npos);
  CHECK(refused({"c1..c4", "--build", kBuild}, 3).find("does not build") != std::string::npos);
  CHECK(sides.leakgate.leftNothing());
}
