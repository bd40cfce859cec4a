// The built leakgate as a user runs it, from the target's start to the exit code.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

namespace fs = std::filesystem;
using nlohmann::json;
using Words = std::vector<std::string>;

namespace {

std::string contentOf(const fs::path& file) {
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  return content.str();
}

// leakgate with its own folder for temporary files, which must be empty when it has ended.
class Leakgate {
 public:
  Leakgate() {
    std::string name = fs::temp_directory_path() / "cli-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    fs::create_directory(folder / "tmp");
  }
  ~Leakgate() { fs::remove_all(folder); }

  int run(const Words& arguments) {
    start(arguments);
    return wait();
  }

  void start(const Words& arguments) {
    Words words{LEAKGATE};
    words.insert(words.end(), arguments.begin(), arguments.end());
    if (words[1] == "run" && !selfAudit) words.push_back("--no-self-audit");
    pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) become(words);
  }

  int wait() {
    int status = 0;
    ::waitpid(pid, &status, 0);
    out = contentOf(folder / "out");
    err = contentOf(folder / "err");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  bool leftNothing() const { return fs::is_empty(folder / "tmp"); }

  fs::path folder;
  std::string out;
  std::string err;
  pid_t pid = -1;
  bool selfAudit = false;  ///< four runs more, which most tests need not wait for

 private:
  [[noreturn]] void become(Words& words) const {
    ::dup2(::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
    ::dup2(::open((folder / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
    ::setenv("TMPDIR", (folder / "tmp").c_str(), 1);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv.front(), argv.data());
    ::_exit(127);
  }
};

const std::string kJournal = SCENARIOS "/journal.json";
const std::string kLogin = SCENARIOS "/login_and_users.json";
const std::string kCleanLogin = "{bin}/specimen-audit-leak-clean --port {port}";

}  // namespace

TEST_CASE("run: a clean target, a sick one, and what the two reports differ in") {
  Leakgate leakgate;
  const std::string clean = leakgate.folder / "clean.json";
  const std::string sick = leakgate.folder / "sick.json";
  CHECK(leakgate.run({"run", kLogin, "--target", kCleanLogin, "-o", clean}) == 0);
  CHECK(leakgate.out.find("PASS  specimen_login_and_users\n") == 0);
  CHECK(leakgate.run({"run", kLogin, "-o", sick}) == 1);
  CHECK(leakgate.out.find("LEAK  specimen::Event::setContext") != std::string::npos);
  CHECK(json::parse(contentOf(sick))["verdict"]["outcome"] == "fail");
  CHECK(leakgate.run({"diff", clean, sick}) == 1);  // the same requests to another target
  CHECK(leakgate.out.find("new   LEAK  specimen::Event::setContext") != std::string::npos);
  CHECK(leakgate.leftNothing());
}

TEST_CASE("run: two runs have the same exact metrics, byte for byte") {
  Leakgate leakgate;
  const auto exactMetrics = [&] {
    const std::string file = leakgate.folder / "r.json";
    CHECK(leakgate.run({"run", kLogin, "--target", kCleanLogin, "-o", file}) == 0);
    std::string exact;
    const json report = json::parse(contentOf(file));
    for (const auto& metric : report.at("metrics")) {
      if (metric["kind"] == "exact") exact += metric.dump() + "\n";
    }
    return exact;
  };
  const std::string first = exactMetrics();
  CHECK(first.find("live_bytes_growth") != std::string::npos);
  CHECK(exactMetrics() == first);
}

TEST_CASE("run: the report says what the shim costs, and that two runs count the same") {
  Leakgate leakgate;
  leakgate.selfAudit = true;
  CHECK(leakgate.run({"run", kLogin, "--target", kCleanLogin, "--json"}) == 0);
  const json cost = json::parse(leakgate.out)["self_audit"]["cost"];
  CHECK(cost["pairs"] == 5);
  CHECK(cost["repeatable"] == true);
  CHECK(cost["cpu_ratio"] > 0.5);
  CHECK(cost["cpu_ratio"] < 5);
}

TEST_CASE("doctor: finds the leak that it plants, and nothing in the clean server") {
  Leakgate leakgate;
  CHECK(leakgate.run({"doctor", "--every", "200"}) == 0);
  CHECK(leakgate.out.find("FAIL") == std::string::npos);
  CHECK(leakgate.out.find("plantedLeak  +0.005 blocks") != std::string::npos);
  CHECK(leakgate.run({"doctor", "--every", "0"}) == 2);
  CHECK(leakgate.leftNothing());
}

TEST_CASE("run: known leaks from a suppressions file fail nothing, and stay in the report") {
  Leakgate leakgate;
  const std::string rules = leakgate.folder / "our.supp";
  std::ofstream(rules) << "leak:specimen::Event::set*\nleak:never\n";
  CHECK(leakgate.run({"run", kLogin, "--json", "--suppressions", rules}) == 0);
  const json report = json::parse(leakgate.out);
  CHECK(report["suppressed"].size() == 2);
  CHECK(report["suppressions"][0]["findings"] == 2);
  CHECK(report["verdict"]["notes"].dump().find("leak:never has matched nothing") != std::string::npos);
}

TEST_CASE("run: what grew is replayed with stacks, and keeps its identity") {
  Leakgate leakgate;
  const std::string file = leakgate.folder / "r.json";
  const auto findingsAt = [&](const std::string& depth) {
    CHECK(leakgate.run({"run", kLogin, "--requests", "800", "--depth", depth, "-o", file}) == 1);
    return json::parse(contentOf(file))["findings"];
  };
  const json escalated = findingsAt("auto");
  CHECK(leakgate.err.find("grew, replaying with stacks") != std::string::npos);
  CHECK(leakgate.out.find("=> specimen::Event::setContext") != std::string::npos);
  CHECK(leakgate.out.find("specimen::runServer") != std::string::npos);
  CHECK(leakgate.out.find("2 of 2 findings grew again when replayed with stacks") != std::string::npos);
  const json run = json::parse(contentOf(file))["run"];
  CHECK(run["depth"] == "sites");
  CHECK(run["escalated"] == true);
  const json sites = findingsAt("sites");
  CHECK(leakgate.err.find("replaying") == std::string::npos);
  const json stacks = findingsAt("stacks");
  CHECK(leakgate.err.find("replaying") == std::string::npos);
  REQUIRE(escalated.size() == 2);
  REQUIRE(sites.size() == 2);
  REQUIRE(stacks.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(escalated[i]["fingerprint"] == sites[i]["fingerprint"]);
    CHECK(stacks[i]["fingerprint"] == sites[i]["fingerprint"]);
    CHECK(escalated[i]["confirmed"] == "yes");
    CHECK(escalated[i]["stack"] == stacks[i]["stack"]);
    CHECK(escalated[i]["stack"].size() > sites[i]["stack"].size());
    CHECK(sites[i]["stacks"].empty());
  }
}

TEST_CASE("run: a target that does not grow again, or does not start again, keeps its finding") {
  Leakgate leakgate;
  const std::string file = leakgate.folder / "r.json";
  const auto script = (leakgate.folder / "server").string();
  const auto runWithSecond = [&](const std::string& second) {
    fs::remove(leakgate.folder / "once");
    std::ofstream(script) << "#!/bin/sh\ncd " << leakgate.folder << "\n[ -e once ] && exec " << second
                          << " \"$@\"\n: > once\nexec " << BIN << "/specimen-audit-leak \"$@\"\n";
    fs::permissions(script, fs::perms::owner_all);
    CHECK(leakgate.run(
              {"run", kLogin, "--requests", "800", "--target", script + " --port {port}", "-o", file}) == 1);
    return json::parse(contentOf(file));
  };
  const json clean = runWithSecond(BIN "/specimen-audit-leak-clean");
  REQUIRE(clean["findings"].size() == 2);
  CHECK(clean["findings"][0]["confirmed"] == "no");
  CHECK(clean["findings"][0]["stacks"].empty());
  CHECK(
      clean["run"]["escalation"] ==
      "0 of 2 findings grew again when replayed with stacks; what did not stands on the first replay alone");
  const json failed = runWithSecond("/bin/false");
  REQUIRE(failed["findings"].size() == 2);
  CHECK(failed["run"]["escalated"] == false);
  CHECK(failed["findings"][0]["confirmed"] == "not asked");
  CHECK(failed["run"]["escalation"].get<std::string>().find("the replay with stacks failed: ") == 0);
}

TEST_CASE("run: the depths and the options") {
  Leakgate leakgate;
  CHECK(leakgate.run({"run", kLogin, "--depth", "count", "--requests", "800", "--seed", "3", "--json"}) == 1);
  const json counted = json::parse(leakgate.out);
  REQUIRE(counted["findings"].size() == 1);
  CHECK(counted["findings"][0]["place"]["function"] == "");
  CHECK(counted["scenario"]["content"]["load"]["requests"] == 800);
  CHECK(counted["reproduce"].get<std::string>().find("--seed 3 --depth count") != std::string::npos);
  CHECK(leakgate.run({"run", kLogin, "--depth", "none", "--requests", "800", "--quiet"}) == 0);
  CHECK(leakgate.out.empty());
  CHECK(leakgate.err.empty());
}

TEST_CASE("a target that dies or never answers is exit 3, a wrong field exit 2, and no report is left") {
  Leakgate leakgate;
  const std::string report = leakgate.folder / "r.json";
  CHECK(leakgate.run({"run", kLogin, "--target", "/bin/false {port}", "-o", report}) == 3);
  CHECK(leakgate.err.find("leakgate: could not measure: ") == 0);
  CHECK(leakgate.run({"run", kLogin, "--target", "no-such-program {port}", "-o", report}) == 2);
  const auto wrong = leakgate.folder / "wrong.json";
  std::ofstream(wrong) << R"({"schema": "leakgate.scenario/1", "nam": "x"})";
  CHECK(leakgate.run({"run", wrong, "-o", report}) == 2);
  CHECK(leakgate.err.find(wrong.string() + ": ") != std::string::npos);
  CHECK_FALSE(fs::exists(report));
  CHECK(leakgate.run({"run", kLogin, "--requests", "80", "-o", "/proc/nothing/r.json"}) == 2);
  CHECK(leakgate.leftNothing());
}

TEST_CASE("gate and accept: the first baselines, then a comparison with them") {
  Leakgate leakgate;
  const auto scenarios = leakgate.folder / "scenarios";
  fs::create_directory(scenarios);
  json scenario = json::parse(contentOf(kJournal));
  scenario["target"]["command"][0] = "{bin}/specimen-vector-growth-clean";
  std::ofstream(scenarios / "journal.json") << scenario;
  const std::string baselines = leakgate.folder / "baselines";
  const std::string reports = leakgate.folder / "latest";
  const Words gate{"gate", "--scenarios", scenarios, "--baselines", baselines, "--reports", reports};

  CHECK(leakgate.run(gate) == 0);  // the folder need not be there: accept makes it
  CHECK(leakgate.out.find("1 of 1 scenarios have no baseline yet") != std::string::npos);
  CHECK(leakgate.err.find("specimen_journal: pass") != std::string::npos);
  CHECK(leakgate.run({"accept", "--all", "--reports", reports, "--baselines", baselines}) == 0);
  CHECK(leakgate.run(gate) == 0);
  CHECK(leakgate.out.find("no baseline") == std::string::npos);

  scenario["load"]["seed"] = 8;
  std::ofstream(scenarios / "journal.json") << scenario;
  CHECK(leakgate.run(gate) == 2);
  CHECK(leakgate.out.find("leakgate accept specimen_journal") != std::string::npos);
}

TEST_CASE(
    "gate and accept: a service whose counts vary passes unchanged, and fails with one allocation more") {
  Leakgate leakgate;
  const auto scenarios = leakgate.folder / "scenarios";
  fs::create_directory(scenarios);
  const std::string baselines = leakgate.folder / "baselines";
  const std::string reports = leakgate.folder / "latest";
  const auto server = leakgate.folder / "server";
  const auto serve = [&](const std::string& environment) {
    std::ofstream(server) << "#!/bin/sh\n"
                          << environment << " exec " BIN "/specimen-batching-pool-clean \"$@\"\n";
    fs::permissions(server, fs::perms::owner_all);
  };
  json scenario = json::parse(contentOf(SCENARIOS "/rare.json"));
  scenario["target"]["command"] = {server.string(), "--port", "{port}", "--threads", "4"};
  std::ofstream(scenarios / "rare.json") << scenario;
  const Words gate{"gate", "--scenarios", scenarios, "--baselines", baselines, "--reports", reports};

  serve("");
  CHECK(leakgate.run(gate) == 0);
  CHECK(leakgate.run({"accept", "--all", "--reports", reports, "--baselines", baselines}) == 0);
  CHECK(leakgate.out.find("allocations_per_request varies: ") != std::string::npos);
  CHECK(leakgate.out.find(" blocks in 6 runs") != std::string::npos);
  for (int i = 0; i < 3; ++i) CHECK(leakgate.run(gate) == 0);
  serve("SPECIMEN_EXTRA=1");
  CHECK(leakgate.run(gate) == 1);
  CHECK(leakgate.out.find("WORSE  steady_allocations_per_request is ") != std::string::npos);
  CHECK(leakgate.out.find("(in each of 5 runs)") != std::string::npos);
}

TEST_CASE("run: without the shim a run says that it measured times only") {
  Leakgate leakgate;
  CHECK(leakgate.run({"run", kLogin, "--depth", "none", "--requests", "800"}) == 0);
  CHECK(leakgate.out.find("TIMES ONLY  specimen_login_and_users\n") == 0);
  CHECK(leakgate.out.find("PASS") == std::string::npos);
}

TEST_CASE("Ctrl-C before a block is measured stops the target, leaves nothing behind, and is exit 3") {
  Leakgate leakgate;
  const std::string report = leakgate.folder / "r.json";
  leakgate.start({"run", kLogin, "--requests", "80000000", "-o", report});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (fs::is_empty(leakgate.folder / "tmp") && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ::kill(leakgate.pid, SIGINT);
  CHECK(leakgate.wait() == 3);
  CHECK(leakgate.err.find("interrupted") != std::string::npos);
  CHECK_FALSE(fs::exists(report));
  CHECK(leakgate.leftNothing());
}

namespace {

// Until the target has written so many lines to its file: one a request.
bool waitForRequests(const fs::path& file, std::size_t count) {
  for (int k = 0; k < 3'000; ++k) {
    const std::string text = contentOf(file);
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) >= count) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE(
    "Ctrl-C after some blocks is a partial report and exit 3; a target that fails late keeps its leak") {
  Leakgate leakgate;
  const std::string report = leakgate.folder / "r.json";
  const auto script = (leakgate.folder / "server.py").string();
  const std::string log = leakgate.folder / "requests";
  // Leaks a block a request, counts them in a file, and stops at one: to be interrupted, or by a crash.
  std::ofstream(script) << R"py(
import os, socket, sys, time
port, stop, how, log = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], open(sys.argv[4], "a")
listener = socket.socket(); listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", port)); listener.listen(8)
kept, served = [], 0
while True:
    client, _ = listener.accept()
    data = b""
    while True:
        try: got = client.recv(65536)
        except OSError: break
        if not got: break
        data += got
        while b"\r\n\r\n" in data:
            data = data[data.index(b"\r\n\r\n") + 4:]
            served += 1
            kept.append(bytearray(2000))
            log.write("x\n"); log.flush()
            if served == stop and how == "crash": os.abort()
            if served == stop: time.sleep(25)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    client.close()
)py";
  const auto scenario = (leakgate.folder / "s.json").string();
  const auto writeScenario = [&](const char* how) {
    json document = {{"schema", "leakgate.scenario/1"},
                     {"name", "partial"},
                     {"target", {{"command", {"/usr/bin/python3", script, "{port}", "1000", how, log}}}},
                     {"load", {{"connections", 1}, {"warmup", 100}, {"requests", 1600}}},
                     {"steps", {{{"name", "get"}}}}};
    std::ofstream(scenario) << document;
  };

  writeScenario("hang");
  leakgate.start({"run", scenario, "-o", report, "--no-trigger"});
  REQUIRE(waitForRequests(log, 1000));
  ::kill(leakgate.pid, SIGINT);
  CHECK(leakgate.wait() == 3);
  CHECK(leakgate.out.find("PARTIAL") != std::string::npos);
  CHECK(json::parse(contentOf(report))["run"]["end"] == "interrupted");
  CHECK(leakgate.leftNothing());

  fs::remove(log);
  writeScenario("crash");
  CHECK(leakgate.run({"run", scenario, "-o", report, "--no-trigger"}) == 1);
  const json partial = json::parse(contentOf(report));
  CHECK(partial["run"]["end"] == "target failed");
  CHECK(partial["findings"].size() >= 1);
  CHECK(leakgate.out.find("with no answer to request 999 (step \"get\")") != std::string::npos);
}

TEST_CASE("a server that is not counted is exit 3, however it is wrapped") {
  Leakgate leakgate;
  const std::string wrapped = std::string("env -i ") + BIN + "/specimen-audit-leak --port {port}";
  CHECK(leakgate.run({"run", kLogin, "--requests", "800", "--target", wrapped}) == 3);
  CHECK(leakgate.err.find("cleared environment") != std::string::npos);
  // One that counts in front of it does not help.
  const auto script = (leakgate.folder / "wrapper").string();
  std::ofstream(script) << "#!/bin/sh\nenv -i " << BIN << "/specimen-audit-leak \"$@\" & wait\n";
  fs::permissions(script, fs::perms::owner_all);
  CHECK(leakgate.run({"run", kLogin, "--requests", "800", "--target", script + " --port {port}"}) == 3);
  CHECK(leakgate.err.find("the server is not counted: process ") != std::string::npos);
  CHECK(leakgate.leftNothing());
}

TEST_CASE("under a path with a blank and a colon") {
  Leakgate leakgate;
  const fs::path root = leakgate.folder / "a b:c";
  fs::create_directories(root / "bin");
  fs::create_directories(root / "lib");
  fs::copy(LEAKGATE, root / "bin");
  fs::copy(SHIM, root / "lib");
  const std::string command = "'" + (root / "bin" / "leakgate").string() + "' run '" + kLogin +
                              "' --requests 800 --no-self-audit --no-trigger --target '" BIN
                              "/specimen-audit-leak --port {port}' > /dev/null";
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
}

TEST_CASE("SIGKILL leaves no process, and the next run no file") {
  Leakgate leakgate;
  leakgate.start({"run", kLogin, "--requests", "80000000"});
  while (fs::is_empty(leakgate.folder / "tmp")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ::kill(leakgate.pid, SIGKILL);
  leakgate.wait();
  CHECK_FALSE(leakgate.leftNothing());
  CHECK(leakgate.run({"run", kLogin, "--requests", "800", "--no-trigger"}) == 1);
  CHECK(leakgate.leftNothing());
}
