// Every server of the corpus, replayed by the built leakgate: `scripts/specimens` is its face.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <mutex>
#include <regex>
#include <thread>

#include "cli/interrupt.hpp"
#include "cli/standard_streams.hpp"
#include "leakgate_run.hpp"
#include "manifest.hpp"
#include "specimen_result.hpp"

namespace {

namespace fs = std::filesystem;

struct CorpusOptions {
  std::string manifest = SPECIMENS "/manifest.json";
  std::string only = ".*";
  unsigned cleanRuns = 1;
  unsigned leakRuns = 1;
  unsigned jobs =
      std::clamp(2 * std::thread::hardware_concurrency(), 2U, 8U);  ///< runs wait more than they work
  bool json = false;
};

/// Runs of all specimens, taken by several threads in the manifest's order.
class Corpus {
 public:
  explicit Corpus(const CorpusOptions& options) {
    const std::regex only(options.only);
    for (Specimen& specimen : loadManifest(options.manifest)) {
      if (!std::regex_search(specimen.name, only)) continue;
      const unsigned runs = specimen.clean() ? options.cleanRuns : options.leakRuns;
      for (unsigned i = 0; i < runs; ++i) queue_.push_back(results_.size());
      results_.emplace_back().specimen = std::move(specimen);
    }
  }

  /// Until all is run, or `stop` is asked for: what runs then hears of it too, from the terminal.
  void run(unsigned jobs, const std::stop_token& stop) {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < jobs; ++i) workers.emplace_back([this, stop] { work(stop); });
  }

  const std::vector<SpecimenResult>& results() const { return results_; }

 private:
  void work(const std::stop_token& stop) {
    for (std::size_t at = next_++; at < queue_.size() && !stop.stop_requested(); at = next_++) {
      SpecimenResult& result = results_[queue_[at]];
      const LeakgateRun run = runSpecimen(result.specimen);
      const std::scoped_lock lock(mutex_);
      addRun(result, run);
      tell(result);
    }
  }

  static LeakgateRun runSpecimen(const Specimen& specimen) {
    LeakgateRun run;
    try {
      if (!specimen.needs.empty() && !fs::exists(specimen.needs)) {
        throw std::runtime_error(specimen.needs + " is not installed: scripts/setup installs it");
      }
      std::vector<std::string> options = specimen.options;
      // What the shim costs is no question here, and would take four runs more.
      options.insert(options.end(), {"--no-self-audit", "--target", specimen.command});
      return runLeakgate(fs::path(SPECIMENS) / "scenarios" / specimen.scenario, options);
    } catch (const std::exception& error) {
      run.output = error.what();
    }
    return run;
  }

  // On a terminal in place, elsewhere a line each.
  void tell(const SpecimenResult& result) {
    const bool inPlace = ::isatty(STDERR_FILENO) == 1;
    ++done_;
    fmt::print(stderr, "{}[{:>{}}/{}] {}{}{}", inPlace ? "\r\033[K" : "", done_,
               std::to_string(queue_.size()).size(), queue_.size(), result.specimen.name,
               result.problems.empty() ? "" : ": not as expected",
               inPlace && done_ < queue_.size() ? "" : "\n");
  }

  std::vector<SpecimenResult> results_;
  std::vector<std::size_t> queue_;  ///< indices of results_, one entry a run
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  ///< results_ after the start, done_
  std::size_t done_ = 0;
};

void printProblems(const std::vector<SpecimenResult>& results) {
  for (const auto& result : results) {
    for (const auto& problem : result.problems) fmt::print("\n{}: {}\n", result.specimen.name, problem);
  }
}

std::string totalsOf(const std::vector<SpecimenResult>& results) {
  const auto count = [&](auto matches) { return std::ranges::count_if(results, matches); };
  const auto good = [](const SpecimenResult& r) { return r.verdict == SpecimenVerdict::asExpected; };
  const auto leaks = count([](const auto& r) { return !r.specimen.clean() && !r.specimen.awaited; });
  const auto found = count([&](const auto& r) { return !r.specimen.clean() && good(r); });
  const auto clean = count([](const auto& r) { return r.specimen.clean(); });
  const auto silent = count([&](const auto& r) { return r.specimen.clean() && good(r); });
  const auto awaited = count([](const auto& r) { return r.specimen.awaited; });
  return fmt::format("{} of {} leaks found, {} of {} clean servers silent; {} not yet to be seen", found,
                     leaks, silent, clean, awaited);
}

int runCorpus(const CorpusOptions& options) {
  Corpus corpus(options);
  if (corpus.results().empty()) {
    fmt::print(stderr, "no specimen is named like \"{}\"; see {}\n", options.only, options.manifest);
    return 2;
  }
  leakgate::prepareStandardStreams();
  const leakgate::InterruptWatch interrupt;
  corpus.run(options.jobs, interrupt.token());
  if (interrupt.token().stop_requested()) return leakgate::kInterruptedExitCode;
  if (options.json) {
    fmt::print("{}\n", toJson(corpus.results()).dump(2));
  } else {
    fmt::print("{}", tableOf(corpus.results()));
    printProblems(corpus.results());
    fmt::print("\n{}\n", totalsOf(corpus.results()));
  }
  return exitCodeOf(corpus.results());
}

}  // namespace

int main(int argc, char** argv) {
  CorpusOptions options;
  CLI::App app("Replays every specimen under leakgate and holds what it says against the manifest.");
  app.add_option("--only", options.only, "regular expression that names must contain");
  app.add_option("--runs", options.cleanRuns, "runs of each clean server")->check(CLI::Range(1U, 10'000U));
  app.add_option("--leak-runs", options.leakRuns, "runs of each leak")->check(CLI::Range(1U, 10'000U));
  app.add_option("--jobs", options.jobs, "runs at a time")->check(CLI::Range(1U, 64U))->capture_default_str();
  app.add_option("--manifest", options.manifest, "another manifest")->check(CLI::ExistingFile);
  app.add_flag("--json", options.json, "results as JSON");
  try {
    app.parse(argc, argv);
    return runCorpus(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
