// Writes one page of each kind, for the browser test: sample_pages FOLDER.
#include <filesystem>
#include <iostream>

#include "html/diff_page.hpp"
#include "html/gate_page.hpp"
#include "html/page_samples.hpp"
#include "html/run_page.hpp"
#include "report/atomic_file.hpp"

using namespace leakgate;

namespace {

constexpr const char* kSource = R"(void Event::setContext(std::string_view key, std::string_view value) {
  for (auto& entry : context_) {
    if (entry.key != key) continue;
    entry.value = copyOf(value);  // the old one is lost
    return;
  }
  context_.push_back({copyOf(key), copyOf(value)});
}
)";

constexpr unsigned kFirstLine = 85;

PageContext context() {
  return {[](const std::string&) { return std::string(kFirstLine - 1, '\n') + kSource; }};
}

Report profiled(Report report, AllocationProfile profile) {
  report.profile = std::move(profile);
  return report;
}

// The same stacks, some of which allocate more, less, or are gone.
AllocationProfile changed(AllocationProfile profile) {
  auto& stacks = profile.mix.stacks;
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    if (i % 7 == 0) stacks[i].counts.allocations *= 2;
    if (i % 5 == 0) stacks[i].counts.allocations /= 3;
  }
  stacks.erase(stacks.begin(), stacks.begin() + 2);
  return profile;
}

// One that passed, one that fails, one that could not be measured, and many more that passed.
std::vector<GateResult> gateResults() {
  std::vector<GateResult> results{resultOf(cleanReport(), "reports/latest/sample.json"),
                                  resultOf(failingReport(), "reports/latest/login.json")};
  results[1].name = results[1].report->scenario.name = "login";
  results[1].baselineMetrics = cleanReport().metrics;
  GateResult& died = results.emplace_back();
  died.name = "uploads";
  died.outcome = Outcome::cannotMeasure;
  died.error = "the target ended during the warm-up with exit code 139";
  for (int i = 0; i < 20; ++i) {
    results.push_back(results.front());
    results.back().name = fmt::format("scenario_{}", i);
  }
  return results;
}

// A hundred scenarios of 10,000 stacks each, of which every third fails.
std::vector<GateResult> largeGateResults(const Report& large) {
  const Report clean = profiled(cleanReport(), largeProfile());
  std::vector<GateResult> results;
  for (int i = 0; i < 100; ++i) {
    const std::string name = fmt::format("scenario_{}", i);
    GateResult& result =
        results.emplace_back(resultOf(i % 3 == 0 ? large : clean, "reports/latest/" + name + ".json"));
    result.name = result.report->scenario.name = name;
  }
  return results;
}

std::string gatePageOf(const std::vector<GateResult>& results) {
  return gatePage({results, redReasons(results, "leakgate gate"), 41}, context());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: sample_pages FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto write = [&](const char* name, const std::string& page) { writeAtomically(folder / name, page); };
  write("run.html", runPage(profiled(failingReport(), sampleProfile()), context()));
  write("pass.html", runPage(cleanReport(), context()));
  write("hostile.html", runPage(hostileReport(), context()));
  const Report large = profiled(failingReport(), largeProfile());
  write("large.html", runPage(large, context()));
  const Report before = profiled(cleanReport(), changed(largeProfile()));
  write("diff.html", diffPage(diffReports(before, large), before, large, context()));
  write("gate.html", gatePageOf(gateResults()));
  write("gate-large.html", gatePageOf(largeGateResults(large)));
  return 0;
}
