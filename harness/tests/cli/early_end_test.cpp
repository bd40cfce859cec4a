// run_command.cpp, interrupt.cpp, measured_target.cpp and process_guard.cpp.
// The built leakgate where a run does not come to its end: a target that fails, Ctrl-C, SIGKILL.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "leakgate_process.hpp"

using namespace leakgate::test;
using nlohmann::json;

TEST_CASE("a target that dies or never responds is exit 3, a wrong field exit 2, and no report is left") {
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

TEST_CASE("Ctrl-C before a block is measured stops the target, leaves nothing behind, and is exit 3") {
  Leakgate leakgate;
  const std::string report = leakgate.folder / "r.json";
  leakgate.start({"run", kLogin, "--requests", "80000000", "-o", report});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
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
  CHECK(leakgate.out.find("with no response to request 999 (step \"get\")") != std::string::npos);
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
