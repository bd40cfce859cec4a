// The built leakgate over two commits.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "history_fixture.hpp"

using namespace leakgate::test;
using nlohmann::json;

namespace {

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

TEST_CASE("compare: two folders, each with its own build") {
  Comparing sides;
  const std::string few = sides.history.buildBeside(1, "few");
  const std::string more = sides.history.buildBeside(3, "more");
  const auto compare = [&](const std::string& a, const std::string& b, int expected) {
    return sides.run({"--a-tree", a, "--b-tree", b, "--rounds", "0", sides.history.scenario()}, expected);
  };
  const json worse = compare(few, more, 1);
  CHECK(worse.at("verdict") == "worse");
  CHECK(worse.at("a") == few);
  CHECK(worse.at("counts").at("metrics").dump().find("allocations_per_request") != std::string::npos);
  CHECK(compare(more, few, 0).at("verdict") == "better");
  CHECK(compare(few, few, 0).at("verdict") == "same");
  CHECK(sides.leakgate.run(
            {"compare", "--a-tree", few, "--b-tree", few + "/none", sides.history.scenario()}) == 2);
  CHECK(sides.leakgate.err.find("--b-tree: found") != std::string::npos);
}

TEST_CASE("compare: instructions of a request are counted on demand") {
  if (std::system("valgrind --version >/dev/null 2>&1") != 0) {
    MESSAGE("skipped: there is no valgrind; scripts/setup installs it");
    return;
  }
  Comparing sides;
  const std::string few = sides.history.buildBeside(1, "few");
  const std::string more = sides.history.buildBeside(3, "more");
  const json result = sides.run(
      {"--a-tree", few, "--b-tree", more, "--rounds", "0", "--instructions", sides.history.scenario()}, 1);
  CHECK(result.at("instruction_runs") == 3);
  json count;
  for (const json& metric : result.at("counts").at("metrics"))
    if (metric.at("name") == "instructions_per_request") count = metric;
  REQUIRE_FALSE(count.is_null());
  CHECK(count.at("change") == "worse");
  // malloc, free and a loop: some hundred instructions more, whatever else the machine does.
  const double added = count.at("after").get<double>() - count.at("before").get<double>();
  CHECK(added > 20);
  CHECK(added < 500);
  CHECK(sides.leakgate.leftNothing());
}

TEST_CASE("compare: times of two built programs come with interval, control and A/A") {
  Comparing sides;
  const std::string build =
      "cd '" + sides.history.folder().string() + "' && " + kBuild + " && cp server ../old";
  REQUIRE(std::system(build.c_str()) == 0);
  const fs::path log = sides.leakgate.folder / "starts";
  const auto noting = [&](const std::string& side, const std::string& server) {
    return "sh -c 'echo " + side + " ${#LEAKGATE_PADDING} >>" + log.string() + "; exec " + server +
           " {port}'";
  };
  const std::string old = (sides.history.folder() / "../old").string();
  sides.leakgate.run({"compare", "--json", "--a-target", noting("a", old), "--b-target",
                      noting("b", "./server"), "--rounds", "8", sides.history.scenario()});
  CAPTURE(sides.leakgate.err);
  CHECK(sides.leakgate.err.find("8 rounds of 4 starts, about ") != std::string::npos);
  const json result = json::parse(sides.leakgate.out).at(0);
  // On a busy machine rounds may be void; what there is, is complete.
  CHECK(result.at("rounds").get<int>() + result.at("void_rounds").get<int>() >= 8);
  CHECK(result.at("rounds").get<int>() <= 8);
  for (const json& change : result.at("changes")) CHECK(change.contains("percent_low"));
  CHECK(result.at("open_loop_rps").get<double>() > 0);
  CHECK((result.at("rounds") == 0 ||
         result.at("changes").dump().find("open_loop.p99_ns") != std::string::npos));
  // Without that of the runs for counts, which are not padded.
  std::map<std::string, std::multiset<std::size_t>> paddings;
  std::ifstream starts(log);
  std::string side;
  for (std::size_t bytes = 0; starts >> side >> bytes;)
    if (bytes > 0) paddings[side].insert(bytes);
  CHECK(paddings["a"].size() >= 16);
  CHECK(paddings["a"] == paddings["b"]);
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
