// The built leakgate over a repository of 64 commits.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "history_fixture.hpp"

using namespace leakgate::test;
using nlohmann::json;

namespace {

// Six commits that do not build and two that crash, some of them where a search of 64 looks first.
std::vector<Commit> commits() {
  std::vector<Commit> all(64);
  for (int number = 1; number <= 64; ++number) {
    Commit& commit = all[static_cast<std::size_t>(number - 1)];
    commit.leaks = number >= 23;
    commit.allocations = number >= 41 ? 4 : 3;
    commit.bytes = number >= 12 ? 50 : 100;
  }
  for (const std::size_t number : {8U, 16U, 32U, 33U, 36U, 48U}) all[number - 1].builds = false;
  for (const std::size_t number : {28U, 44U}) all[number - 1].crashes = true;
  return all;
}

struct Bisection {
  Leakgate leakgate;
  History history{leakgate.folder / "repository", commits()};

  Bisection() { leakgate.directory = history.folder(); }

  json run(std::vector<std::string> options) {
    options.insert(options.begin(), {"bisect", history.scenario(), "--json", "--build", kBuild});
    status = leakgate.run(options);
    CAPTURE(leakgate.err);
    REQUIRE_FALSE(leakgate.out.empty());
    return json::parse(leakgate.out);
  }

  int status = -1;
};

// Whether a process still works somewhere in the folder.
bool isWorkplace(const fs::path& folder) {
  for (const auto& process : fs::directory_iterator("/proc")) {
    std::error_code gone;
    const std::string place = fs::read_symlink(process.path() / "cwd", gone).string();
    if (place.starts_with(folder.string())) return true;
  }
  return false;
}

// A process that was killed takes a moment to go.
bool isLeft(const fs::path& folder) {
  for (int k = 0; k < 6'000 && isWorkplace(folder); ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return !isWorkplace(folder);
}

int count(const json& result, const std::string& wanted) {
  const auto& tested = result.at("tested");
  return static_cast<int>(std::count_if(tested.begin(), tested.end(),
                                        [&](const json& one) { return one.at("result") == wanted; }));
}

}  // namespace

TEST_CASE("bisect finds a leak, one more allocation and a count that got better among 64 commits") {
  Bisection bisection;
  const std::string before = bisection.history.state();

  const json leak = bisection.run({"--good", "c1"});
  CAPTURE(bisection.leakgate.err);
  CHECK(bisection.status == 0);
  REQUIRE(leak.at("suspects").size() == 1);
  CHECK(leak.at("suspects")[0].at("hash") == bisection.history.hashOf(23));
  CHECK(leak.at("suspects")[0].at("subject") == "Commit 23");
  CHECK(leak.at("confirmed") == true);
  CHECK(leak.at("gauge") == "growth of keep");
  CHECK(leak.at("finding").at("place").dump().find("server.c") != std::string::npos);
  CHECK(leak.at("request").get<std::string>().find("curl ") == 0);
  CHECK(count(leak, "does not build") >= 1);

  const json more = bisection.run({"--good", "c1", "--metric", "allocations_per_request"});
  CHECK(bisection.status == 0);
  REQUIRE(more.at("suspects").size() == 1);
  CHECK(more.at("suspects")[0].at("hash") == bisection.history.hashOf(23));  // the leak is an allocation, too

  const json again = bisection.run({"--good", "c23", "--metric", "allocations_per_request"});
  CHECK(bisection.status == 0);
  REQUIRE(again.at("suspects").size() == 1);
  CHECK(again.at("suspects")[0].at("hash") == bisection.history.hashOf(41));
  CHECK(again.at("change") == "worse");
  CHECK(count(again, "cannot be measured") == 1);  // 44 crashes
  CHECK(again.at("diff").at("places")[0].dump().find("work") != std::string::npos);

  const json better =
      bisection.run({"--good", "c1", "--bad", "c22", "--metric", "allocated_bytes_per_request"});
  CHECK(bisection.status == 0);
  REQUIRE(better.at("suspects").size() == 1);
  CHECK(better.at("suspects")[0].at("hash") == bisection.history.hashOf(12));
  CHECK(better.at("change") == "better");

  CHECK(bisection.history.state() == before);
  CHECK(bisection.leakgate.leftNothing());
}

TEST_CASE("bisect: the reproduce line builds the commit and finds the leak") {
  Bisection bisection;
  const json leak = bisection.run({"--good", "c22", "--bad", "c23"});
  REQUIRE(bisection.status == 0);
  const std::string tmp = "TMPDIR='" + (bisection.leakgate.folder / "tmp").string() + "' ";
  const std::string line = tmp + "sh -c \"" + leak.at("reproduce").get<std::string>() +
                           " --no-trigger --no-self-audit\" >/dev/null 2>&1";
  CHECK(WEXITSTATUS(std::system(line.c_str())) == 1);
}

TEST_CASE("bisect: wrong usage is named before anything is built") {
  Bisection bisection;
  const auto refused = [&](const Words& options) {
    Words words{"bisect", bisection.history.scenario()};
    words.insert(words.end(), options.begin(), options.end());
    CHECK(bisection.leakgate.run(words) == 2);
    return bisection.leakgate.err;
  };
  CHECK(refused({"--good", "c1"}).find("leakgate.json") != std::string::npos);
  CHECK(refused({"--good", "v9", "--build", "false"}).find("--good: found \"v9\"") != std::string::npos);
  CHECK(refused({"--good", "c9", "--bad", "c3", "--build", "false"}).find("no ancestor of c3") !=
        std::string::npos);
  CHECK(refused({"--good", "c3", "--bad", "c3", "--build", "false"}).find("two commits") !=
        std::string::npos);
  CHECK(bisection.leakgate.run(
            {"bisect", bisection.history.scenario(), "--good", "c1", "--bad", "c8", "--build", kBuild}) == 3);
  CHECK(bisection.leakgate.err.find("#error does not build") != std::string::npos);
}

TEST_CASE("bisect: Ctrl-C at ten moments leaves repository, processes and files as they were") {
  Bisection bisection;
  const auto log = bisection.leakgate.folder / "events";
  // Two events a commit: its build, and the start of its server.
  const std::string note = "echo x >>'" + log.string() + "'; ";
  const std::string start =
      "sh -c '" + std::string("echo x >>\"") + log.string() + "\"; exec ./server {port}'";
  const std::string before = bisection.history.state();
  for (std::ptrdiff_t moment = 1; moment <= 10; ++moment) {
    CAPTURE(moment);
    fs::remove(log);
    bisection.leakgate.start({"bisect", bisection.history.scenario(), "--good", "c23", "--metric",
                              "allocations_per_request", "--build", note + kBuild, "--target", start});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (std::ptrdiff_t seen = 0; seen < moment && std::chrono::steady_clock::now() < deadline;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      const std::string text = contentOf(log);
      seen = std::count(text.begin(), text.end(), '\n');
    }
    ::kill(bisection.leakgate.pid, SIGINT);
    CHECK(bisection.leakgate.wait() == 3);
    CAPTURE(bisection.leakgate.err);
    CHECK(bisection.history.state() == before);
    CHECK(bisection.leakgate.leftNothing());
    CHECK(isLeft(bisection.leakgate.folder));
  }
}

TEST_CASE("bisect: Ctrl-C says how to go on, and going on finds the commit") {
  Bisection bisection;
  bisection.leakgate.start({"bisect", bisection.history.scenario(), "--good", "c23", "--metric",
                            "allocations_per_request", "--build", kBuild});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::string seen;
  while (seen.find(" bad: ") == std::string::npos || seen.find("does not build") == std::string::npos) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    seen = contentOf(bisection.leakgate.folder / "err");
  }
  ::kill(bisection.leakgate.pid, SIGINT);
  CHECK(bisection.leakgate.wait() == 3);
  const std::string& text = bisection.leakgate.out;
  CAPTURE(text);
  REQUIRE(text.find("STOPPED") == 0);
  const auto line = text.find("bisect --good ");
  REQUIRE(line != std::string::npos);
  const std::string command = "cd '" + bisection.history.folder().string() + "' && '" LEAKGATE "' " +
                              text.substr(line, text.find('\n', line) - line) + " --quiet >../found 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(contentOf(bisection.leakgate.folder / "found").find(bisection.history.hashOf(41)) !=
        std::string::npos);
}
