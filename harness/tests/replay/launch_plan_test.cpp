#include "replay/launch_plan.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"
#include "shell_server.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("a wrapper starts the program by its file") {
  LaunchSpec spec{"/bin/sh", {"sh", "-c", "true"}, {}, {}};
  startThrough(spec, {"env", "--"});
  CHECK(spec.executable.filename() == "env");
  CHECK(spec.arguments == std::vector<std::string>{"env", "--", "/bin/sh", "-c", "true"});
}

TEST_CASE("the placeholders of a command are expanded") {
  const TemporaryDirectory folder;
  const auto shim = writeExecutable(folder.path() / "shim.so", "");
  TargetSpec target;
  target.command = {"{bin}/sh", "-p{port}", "{scenario_dir}/x:{port}:{port}"};
  target.env = {{"URL", "http://h:{port}"}, {"LD_PRELOAD", "libother.so"}};
  const LaunchValues values{"/bin", "/scenarios", 8080};
  LaunchSpec spec = planLaunch(target, values, Depth::sites, shim, "/regions");
  CHECK(spec.executable == "/bin/sh");
  CHECK(spec.arguments == std::vector<std::string>{"/bin/sh", "-p8080", "/scenarios/x:8080:8080"});
  CHECK(spec.environment.at("URL") == "http://h:8080");
  CHECK(spec.environment.at("LD_PRELOAD") == shim.string() + ":libother.so");
  CHECK(spec.environment.at("LEAKGATE_DIR") == "/regions");
  CHECK(spec.environment.at("LEAKGATE_DEPTH") == "sites");
  CHECK(planLaunch(target, values, Depth::count, shim, "/r").environment.at("LEAKGATE_DEPTH") == "count");
  spec = planLaunch(target, values, Depth::none, "", "");
  CHECK(spec.environment.at("LD_PRELOAD") == "libother.so");
  CHECK_FALSE(spec.environment.contains("LEAKGATE_DIR"));
  CHECK_THROWS_WITH_AS(planLaunch(target, values, Depth::sites, "/no/shim.so", "/r"),
                       "/no/shim.so: the shim is not there; build or install leakgate whole", InputError);
  CHECK_THROWS_AS(planLaunch(target, {"", "/s", 1}, Depth::none, "", ""), InputError);
}
