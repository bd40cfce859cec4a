#include "session/accepted_baseline.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"
#include "revisions/scratch_repository.hpp"
#include "session/baseline_set.hpp"
#include "session/workspace.hpp"

using namespace leakgate;

namespace {

// A report of a commit, measured with a compiler.
Report measured(const std::string& commit, const std::string& compiler, double allocations) {
  Report report = allocating(allocations, std::nullopt, allocations);
  report.environment.commit = commit;
  report.environment.compiler = compiler;
  return report;
}

}  // namespace

TEST_CASE("a baseline knows what it is looser in, and keeps the log of the one before") {
  const Workspace workspace;
  const auto folder = workspace.file("baselines");
  AcceptedBaseline first = acceptedBaseline(measured("a", "GCC 12", 1), folder);
  CHECK(first.file == folder / "sample.json");
  CHECK(first.loosened.empty());
  logReason(first, "the first");
  writeAtomically(first.file, toText(first.baseline));

  AcceptedBaseline second = acceptedBaseline(measured("b", "GCC 12", 3), folder);
  REQUIRE(second.loosened.size() == 1);
  CHECK(second.loosened[0] == Loosening{"allocations_per_request", "1 blocks", "3 blocks"});
  logReason(second, "a buffer");
  writeAtomically(second.file, toText(second.baseline));
  const Baseline read = readBaseline(second.file);
  REQUIRE(read.log.size() == 2);
  CHECK(read.log[0].reason == "the first");
  CHECK(read.log[1].commit == "b");
  CHECK(read.log[1].loosened == second.loosened);
  CHECK(acceptedBaseline(measured("c", "GCC 12", 2), folder).loosened.empty());
}

TEST_CASE("the log keeps the newest entries") {
  AcceptedBaseline accepted;
  for (std::size_t i = 0; i < kMaxLogEntries + 3; ++i) logReason(accepted, std::to_string(i));
  CHECK(accepted.baseline.log.size() == kMaxLogEntries);
  CHECK(accepted.baseline.log.front().reason == "3");
}

TEST_CASE("a baseline that cannot be read is not replaced silently") {
  const Workspace workspace;
  writeAtomically(workspace.file("baselines/sample.json"), "{");
  const auto accepted = acceptedBaseline(cleanReport(), workspace.file("baselines"));
  REQUIRE(accepted.loosened.size() == 1);
  CHECK(accepted.loosened[0].subject == "baseline");
}

TEST_CASE("a toolchain has a baseline of its own only if the same source has other counts with it") {
  const Workspace workspace;
  test::ScratchRepository checkout(workspace.file(""));
  const auto folder = workspace.file("baselines");
  writeAtomically(workspace.file("server.cpp"), "int main() {}\n");
  const std::string first = checkout.commit({}, "A server");
  writeAtomically(folder / "sample.json", toText(reduce(measured(first, "GCC 12", 3))));
  const std::string second = checkout.commit({}, "Its baseline");
  const std::filesystem::path working = std::filesystem::current_path();
  const auto accepted = [&](const Report& report) {
    std::filesystem::current_path(workspace.file(""));
    const AcceptedBaseline result = acceptedBaseline(report, folder);
    std::filesystem::current_path(working);
    return result;
  };

  CHECK_FALSE(accepted(measured(second, "GCC 13", 3)).keyed);  // the same counts
  CHECK_FALSE(accepted(measured(second, "GCC 12", 4)).keyed);  // the same toolchain
  Report dirty = measured(second, "GCC 13", 4);
  dirty.environment.dirty = true;
  CHECK_FALSE(accepted(dirty).keyed);
  const AcceptedBaseline own = accepted(measured(second, "GCC 13", 4));
  CHECK(own.keyed);
  CHECK(own.file.filename().string().starts_with("sample@"));
  CHECK(own.loosened.size() == 1);

  writeAtomically(workspace.file("server.cpp"), "int main() { return 1; }\n");
  const std::string third = checkout.commit({}, "Another server");
  CHECK_FALSE(accepted(measured(third, "GCC 13", 4)).keyed);  // the source may be the reason
  writeAtomically(own.file, toText(own.baseline));
  CHECK(accepted(measured(third, "GCC 13", 5)).keyed);  // there is one already
}
