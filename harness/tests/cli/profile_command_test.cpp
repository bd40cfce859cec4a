// leakgate profile, of a server whose allocations are known (profile_target.c).
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "leakgate_process.hpp"

using namespace leakgate::test;
using nlohmann::json;

namespace {

constexpr int kWarmup = 300;
constexpr int kRequests = 2400;
constexpr int kCachedPages = 50;
constexpr int kStepRequests = 800;  // as a step alone is replayed

// Steps by turns: a third of the requests each.
std::string scenarioIn(const Leakgate& leakgate) {
  json scenario = {{"schema", "leakgate.scenario/1"},
                   {"name", "known"},
                   {"target", {{"command", {PROFILE_TARGET, "--port", "{port}"}}}},
                   {"load",
                    {{"connections", 2},
                     {"warmup", kWarmup},
                     {"requests", kRequests},
                     {"order", "sequence"},
                     {"cool_down_ms", 0},
                     {"follow_requests", kRequests}}},
                   {"steps", json::array()}};
  for (const char* step : {"parse", "cache", "keep"})
    scenario["steps"].push_back({{"name", step}, {"path", std::string("/") + step}});
  const std::string file = leakgate.folder / "known.json";
  std::ofstream(file) << scenario;
  return file;
}

// The counts of the stacks that start with these functions, innermost first; line numbers tell the calls of
// one function apart.
json countsOf(const json& profile, const json& part, const std::vector<std::string>& functions) {
  json sum = {{"stacks", 0},      {"allocations", 0}, {"bytes", 0},     {"freed_in_block", 0},
              {"freed_later", 0}, {"live_blocks", 0}, {"live_bytes", 0}};
  for (const json& row : part["stacks"]) {
    const json& frames = profile["stacks"][row["stack"].get<std::size_t>()]["frames"];
    bool same = frames.size() > functions.size();
    for (std::size_t k = 0; same && k < functions.size(); ++k)
      same = profile["frames"][frames[k].get<std::size_t>()]["function"] == functions[k];
    if (!same) continue;
    sum["stacks"] = sum["stacks"].get<int>() + 1;
    for (auto& [name, value] : sum.items()) {
      if (name != "stacks") value = value.get<long>() + row[name].get<long>();
    }
  }
  return sum;
}

json counts(int stacks, long allocations, long bytes, long inBlock, long later, long liveBlocks,
            long liveBytes) {
  return {{"stacks", stacks},          {"allocations", allocations}, {"bytes", bytes},
          {"freed_in_block", inBlock}, {"freed_later", later},       {"live_blocks", liveBlocks},
          {"live_bytes", liveBytes}};
}

}  // namespace

TEST_CASE("profile: every stack of a known server has its exact counts, mixed and by step") {
  Leakgate leakgate;
  const std::string scenario = scenarioIn(leakgate);
  const std::string file = leakgate.folder / "profile.json";
  REQUIRE(leakgate.run({"profile", scenario, "-o", file}) == 0);
  const json profile = json::parse(contentOf(file))["profile"];
  const json& mix = profile["mix"];
  const long each = kRequests / 3;
  CHECK(mix["requests"] == kRequests);
  CHECK(mix["answers"] == "200: 2400");
  // Two lines of parseQuery allocate, called by respond and by readQuery.
  CHECK(countsOf(profile, mix, {"parseQuery", "respond"}) ==
        counts(2, 4 * each, 196 * each, 4 * each, 0, 0, 0));
  CHECK(countsOf(profile, mix, {"parseQuery", "readQuery", "respond"}) ==
        counts(2, 4 * each, 196 * each, 4 * each, 0, 0, 0));
  // Each block of requests leaves a full cache to the next one, and the last one to the end.
  CHECK(
      countsOf(profile, mix, {"rememberPage", "respond"}) ==
      counts(1, each, 64 * each, each - 4 * kCachedPages, 3 * kCachedPages, kCachedPages, 64 * kCachedPages));
  const long kept = each + kWarmup / 3;
  CHECK(countsOf(profile, mix, {"keepVisit", "respond"}) ==
        counts(1, each, 40 * each, 0, 0, kept, 40 * kept));
  CHECK(mix["total"]["allocations"] == 10 * each);
  CHECK(mix["total"]["bytes"] == (196 + 196 + 64 + 40) * each);
  CHECK(mix["others"]["allocations"] == 0);

  REQUIRE(profile["steps"].size() == 3);
  const json& keep = profile["steps"][2];
  CHECK(keep["step"] == "keep");
  CHECK(keep["requests"] == kStepRequests);
  CHECK(keep["answers"] == "200: 800");
  CHECK(countsOf(profile, keep, {"parseQuery", "readQuery", "respond"}) ==
        counts(2, 4 * kStepRequests, 196 * kStepRequests, 4 * kStepRequests, 0, 0, 0));
  CHECK(countsOf(profile, keep, {"keepVisit", "respond"}) == counts(1, kStepRequests, 40 * kStepRequests, 0,
                                                                    0, kStepRequests + kWarmup,
                                                                    40 * (kStepRequests + kWarmup)));
  CHECK(keep["total"]["allocations"] == 5 * kStepRequests);
  CHECK(profile["steps"][0]["total"]["allocations"] == 4 * kStepRequests);
  CHECK(profile["steps"][1]["total"]["allocations"] == kStepRequests);
  CHECK(leakgate.leftNothing());
}

TEST_CASE("profile: two runs have the same profile, and a saved one prints as it was printed") {
  Leakgate leakgate;
  const std::string scenario = scenarioIn(leakgate);
  const std::string file = leakgate.folder / "profile.json";
  REQUIRE(leakgate.run({"profile", scenario, "-o", file}) == 0);
  const std::string printed = leakgate.out;
  CHECK(printed.find("PROFILE  known, all steps mixed\n") == 0);
  CHECK(printed.find("each step alone, in a new process") != std::string::npos);
  const json first = json::parse(contentOf(file))["profile"];
  REQUIRE(leakgate.run({"profile", scenario, "--json"}) == 0);
  CHECK(json::parse(leakgate.out)["profile"] == first);

  CHECK(leakgate.run({"profile", "--from", file}) == 0);
  CHECK(printed.find(leakgate.out) == 0);  // but for the line that names the file
  CHECK(leakgate.run({"profile", "--from", file, "--step", "cach"}) == 2);
  CHECK(
      leakgate.err.find("expected a step that was replayed alone: parse, cache, keep; did you mean cache?") !=
      std::string::npos);
}

TEST_CASE("profile: a command alone, without a scenario") {
  Leakgate leakgate;
  const std::string target = std::string(PROFILE_TARGET) + " --port {port}";
  CHECK(leakgate.run({"profile", "--target", target, "--path", "/parse", "--requests", "80"}) == 0);
  CHECK(leakgate.out.find("PROFILE  profile\n") == 0);
  CHECK(leakgate.out.find("parseQuery") != std::string::npos);
  CHECK(leakgate.out.find("by allocations: 2 of 2 stacks, 100.0 % of the total") != std::string::npos);
}

TEST_CASE("profile: the system calls of a request, without those of the start") {
  if (std::system("strace -o /dev/null true 2>/dev/null") != 0) {  // NOLINT: no thread is started here
    MESSAGE("skipped: strace is missing (scripts/setup), or may not trace here");
    return;
  }
  Leakgate leakgate;
  const std::string file = leakgate.folder / "profile.json";
  REQUIRE(leakgate.run({"profile", scenarioIn(leakgate), "--mix-only", "--system-calls", "-o", file}) == 0);
  CHECK(leakgate.out.find("system calls of 800 requests (200: 800), without the shim, by strace") !=
        std::string::npos);
  const json profile = json::parse(contentOf(file))["system_calls"];
  CHECK(profile["problem"] == "");
  CHECK(profile["requests"] == 800);
  const auto callsOf = [&](const std::string& name) {
    for (const json& call : profile["calls"])
      if (call["name"] == name) return call["calls"].get<int>();
    return 0;
  };
  CHECK(callsOf("sendmsg") == 800);
  CHECK(callsOf("recvfrom") >= 800);
  CHECK(callsOf("epoll_wait") > 0);
  CHECK(callsOf("execve") == 0);
  CHECK(callsOf("listen") == 0);
  CHECK(leakgate.leftNothing());
}

TEST_CASE("profile: the instructions of a request, by function") {
  if (std::system("valgrind --tool=none -q true 2>/dev/null") != 0) {  // NOLINT: no thread is started here
    MESSAGE("skipped: valgrind is missing (scripts/setup)");
    return;
  }
  Leakgate leakgate;
  const std::string file = leakgate.folder / "profile.json";
  const std::string target = std::string(PROFILE_TARGET) + " --port {port}";
  REQUIRE(leakgate.run({"profile", "--target", target, "--path", "/parse", "--requests", "80",
                        "--instructions", "-o", file}) == 0);
  CHECK(leakgate.out.find("user instructions of 400 requests, without the shim, by callgrind") !=
        std::string::npos);
  const json profile = json::parse(contentOf(file))["instructions"];
  REQUIRE(profile["problem"] == "");
  CHECK(profile["requests"] == 400);
  long parse = 0;
  long sum = 0;
  for (const json& function : profile["functions"]) {
    sum += function["instructions"].get<long>();
    if (function["function"] == "parseQuery") parse = function["instructions"].get<long>();
    CHECK(function["function"] != "main");  // the start is in both replays
  }
  CHECK(parse > 0);
  CHECK(parse % 400 == 0);  // the same for each request
  CHECK(sum <= profile["total"].get<long>());
  CHECK(leakgate.leftNothing());
}

TEST_CASE("profile: without strace, system calls cannot be asked for") {
  Leakgate leakgate;
  const std::string scenario = scenarioIn(leakgate);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nonexistent", 1);
  CHECK(leakgate.run({"profile", scenario, "--system-calls"}) == 2);
  ::setenv("PATH", path.c_str(), 1);
  CHECK(leakgate.err.find(
            "found no strace in PATH, expected strace, which counts them; apt-get install strace") !=
        std::string::npos);
}

TEST_CASE("profile: a report without stacks has none") {
  Leakgate leakgate;
  const std::string scenario = scenarioIn(leakgate);
  const std::string file = leakgate.folder / "sites.json";
  leakgate.run({"run", scenario, "--depth", "sites", "--no-trigger", "-o", file});
  CHECK(leakgate.run({"profile", "--from", file}) == 2);
  CHECK(leakgate.err.find("expected a report of depth stacks") != std::string::npos);
}
