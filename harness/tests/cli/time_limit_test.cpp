// run_command.cpp, confirmed_run.cpp and measure.cpp.
// --max-seconds and a run that is repeated.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "shell_run.hpp"

using namespace leakgate;
using nlohmann::json;

TEST_CASE("--max-seconds bounds a run with its repeats, and keeps what was measured before them") {
  const ShellRun shell;
  const std::string script = shell.file("server.py");
  const std::string scenario = shell.file("s.json");
  const std::string report = shell.file("r.json");
  std::ofstream(script) << R"py(
import socket, sys, time
listener = socket.socket(); listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1]))); listener.listen(8)
while True:
    client, _ = listener.accept()
    data = b""
    while True:
        got = client.recv(65536)
        if not got: break
        data += got
        while b"\r\n\r\n" in data:
            data = data[data.index(b"\r\n\r\n") + 4:]
            time.sleep(0.008)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    client.close()
)py";
  const json document = {
      {"schema", "leakgate.scenario/1"},
      {"name", "slow"},
      {"target", {{"command", {"/usr/bin/python3", script, "{port}"}}}},
      {"load", {{"connections", 1}, {"warmup", 8}, {"requests", 160}, {"cool_down_ms", 0}}},
      {"steps", {{{"name", "get"}}}},
      {"budgets", {{"responses", {{"max", 1}}}}}};  // broken: the run is repeated four times
  std::ofstream(scenario) << document;
  const std::string command = "run " + scenario + " -o " + report + " --depth count --max-seconds 5";
  CHECK(shell.status(command, "> " + shell.file("out").string() + " 2> /dev/null") == 3);
  CHECK(shell.contentOf("out").find("PARTIAL  the time of the run was over (--max-seconds)") !=
        std::string::npos);
  CHECK(json::parse(shell.contentOf("r.json"))["run"]["end"] == "out of time");
}
