#include "session/baseline_set.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

Baseline madeWith(const std::string& compiler, double allocations) {
  Report report = allocating(allocations, std::nullopt, allocations);
  report.environment.compiler = compiler;
  return reduce(report);
}

Environment environmentOf(const std::string& compiler) { return madeWith(compiler, 0).environment; }

}  // namespace

TEST_CASE("the baseline of the run's toolchain, else the one for all") {
  const Workspace workspace;
  const auto folder = workspace.file("baselines");
  CHECK(readBaselineSet(folder, "sample").of(environmentOf("GCC 12")) == nullptr);

  const Baseline plain = madeWith("GCC 12", 1);
  const Baseline own = madeWith("GCC 13", 2);
  writeAtomically(folder / "sample.json", toText(plain));
  const auto keyed = keyedBaselineFile(folder, "sample", own.environment);
  writeAtomically(keyed, toText(own));
  writeAtomically(folder / "sample_2.json", toText(madeWith("GCC 13", 9)));  // another scenario's

  const BaselineSet set = readBaselineSet(folder, "sample");
  CHECK(set.of(environmentOf("GCC 12"))->metrics == plain.metrics);
  CHECK(set.of(environmentOf("GCC 13"))->metrics == own.metrics);
  CHECK(set.of(environmentOf("clang 14"))->metrics == plain.metrics);
  CHECK(scenarioOfBaseline(keyed) == "sample");
  CHECK(scenarioOfBaseline("sample.json") == "sample");
}

TEST_CASE("kernel, processor and cores are no toolchain: exact counts do not depend on them") {
  Environment environment = sampleEnvironment();
  const std::string toolchain = toolchainFingerprint(environment);
  environment.kernel = "another";
  environment.cpu = "another";
  environment.cores = 64;
  CHECK(toolchainFingerprint(environment) == toolchain);
  environment.libc = "glibc 2.38";
  CHECK(toolchainFingerprint(environment) != toolchain);
}
