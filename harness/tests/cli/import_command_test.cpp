#include <doctest/doctest.h>

#include <filesystem>

#include "command_run.hpp"
#include "report/atomic_file.hpp"
#include "scenario/load.hpp"

using namespace leakgate;
using namespace leakgate::test;
namespace fs = std::filesystem;

TEST_CASE("import writes a scenario, whole or not at all") {
  const Workspace workspace;
  const auto log = workspace.file("access.log").string();
  const auto scenario = workspace.file("s.json").string();
  writeAtomically(log,
                  "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 7 \"-\" \"agent\"\n");
  CHECK(leakgateMain({"import", "--access-log", log, "-o", scenario, "--target", "server --port {port}"}) ==
        0);
  REQUIRE(fs::exists(scenario));
  CHECK(loadScenario(scenario).target.ready.empty());  // another server may have no /health
  CHECK(leakgateMain({"import", "--access-log", log, "-o", scenario, "--target", "server {port}", "--ready",
                      "/up"}) == 0);
  CHECK(loadScenario(scenario).target.ready == "/up");
  writeAtomically(log, "nothing of use\n");
  CHECK(leakgateMain({"import", "--access-log", log, "-o", workspace.file("t.json").string()}) == 2);
  CHECK_FALSE(fs::exists(workspace.file("t.json")));
  CHECK(leakgateMain({"import", "--access-log", "/no/such/log", "-o", scenario}) == 2);
}
