// leakgate bisect: finds the commit that brought a leak, or changed a count.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>

#include "cli/bisect_text.hpp"
#include "cli/commands.hpp"
#include "cli/curl_command.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/reproduction.hpp"
#include "cli/revision_arguments.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "session/installation.hpp"

namespace leakgate {

namespace {

using Clock = std::chrono::steady_clock;

struct BisectArguments {
  std::string good;
  std::string bad = "HEAD";
  std::string scenario;
  std::string metric;
  RevisionArguments revisions;
  bool json = false;
  bool quiet = false;
};

constexpr const char* kBisectHelp =
    "Builds commits between two revisions in a worktree of its own, replays the scenario against each, and halves what is\n"
    "left until one commit is found. HEAD, index, working tree and stash stay as they are, also after Ctrl-C.\n\n"
    "Without --metric it looks for the largest leak that --bad has and --good has not. With it, for the commit that\n"
    "changed that count; whether for the worse or the better, both ends say. Both are measured first; the commit that is\n"
    "found and its parent are built from nothing and measured again. A commit that does not build, or whose server dies,\n"
    "is never the bad one: it is left out, and named where it lies between both.\n\n"
    "Examples:\n"
    "  leakgate bisect --good v1.4 --bad main login --build 'make -j2'\n"
    "  leakgate bisect --good HEAD~50 login --metric allocations_per_request\n\n"
    "The build command can be remembered in leakgate.json at the top of the repository:\n"
    "  {\"schema\": \"leakgate.project/1\", \"build\": \"make -j2\"}\n\n"
    "Exit codes: 0 found; 2 wrong usage, a bad file, or ends that do not differ; 3 an end cannot be built or measured,\n"
    "commits that cannot be tested lie between, or interrupted.";

void requireAncestor(const Repository& repository, const BisectRequest& request,
                     const BisectArguments& arguments) {
  if (request.good == request.bad)
    throw InputError("--good, --bad", "", "the same commit " + shortHash(request.bad), "two commits");
  if (repository.isAncestor(request.good, request.bad)) return;
  const std::string base = repository.mergeBase(request.good, request.bad);
  throw InputError(
      "--good", "", arguments.good + ", no ancestor of " + arguments.bad, "a commit that --bad descends from",
      base.empty() ? "they have no common ancestor" : "their last common one: --good " + shortHash(base));
}

MeasureOptions searchOptions(const BisectArguments& arguments, std::stop_token stop) {
  MeasureOptions options;
  // A count does not depend on added blocks and stacks, the proof of a leak does.
  options.extends = options.escalates = arguments.metric.empty();
  options.stop = std::move(stop);
  options.maxTime = std::chrono::seconds(arguments.revisions.maxSeconds);
  return options;
}

// Says what each commit was, and how long the rest takes if each takes as long as those before.
class Reporter {
 public:
  explicit Reporter(ProgressLine& progress) : progress_(progress) {}

  void started() { ++measured_; }

  void tested(const TestedCommit& tested, unsigned left) {
    constexpr unsigned kConfirmations = 2;
    const auto taken = std::chrono::duration<double>(Clock::now() - start_).count();
    const double expected = taken / std::max(1U, measured_) * (left + kConfirmations);
    progress_.say(fmt::format("{}; at most {} more and the confirmation, about {:.0f} s",
                              testedLine(tested, ""), left, expected));
  }

 private:
  ProgressLine& progress_;
  Clock::time_point start_ = Clock::now();
  unsigned measured_ = 0;
};

// The lines that send one request of the finding's step by hand.
void addRequestByHand(const BisectResult& result, const Scenario& scenario, BisectFacts& facts) {
  const NamedFinding* finding = result.after ? result.gauge->findIn(*result.after) : nullptr;
  if (finding == nullptr) return;
  Scenario single = scenario;
  const std::string& step = finding->growth.step;
  if (!step.empty()) std::erase_if(single.steps, [&](const Step& one) { return one.name != step; });
  single.load.connections = 1;
  const auto curl = curlCommand(single, kPortByHand);
  if (!curl) return;
  facts.request = *curl;
  facts.start = startCommand(single.target, launchValuesOf(single, kPortByHand));
}

// Each good commit that is tested comes after those before it.
std::string lastGood(const BisectResult& result) {
  const auto good = std::find_if(result.tested.rbegin(), result.tested.rend(),
                                 [](const TestedCommit& one) { return one.result == CommitResult::good; });
  return good == result.tested.rend() ? "" : good->commit;
}

BisectFacts factsOf(const BisectResult& result, const BisectRequest& request,
                    const BisectArguments& arguments, const Repository& repository,
                    const RevisionPlan& plan) {
  BisectFacts facts;
  facts.scenario = plan.scenario.name;
  facts.commits = repository.suspects(request.bad, {request.good}).size();
  for (const std::string& commit : result.suspects) {
    if (facts.suspects.size() == kMaxSuspects) break;
    facts.suspects.push_back(repository.summary(commit));
  }
  if (result.interrupted && !result.suspects.empty()) {
    facts.goOn = fmt::format("{} bisect --good {} --bad {} {}{}{}", shellQuoted(commandName()),
                             shortHash(lastGood(result)), shortHash(result.suspects.front()),
                             shellQuoted(arguments.scenario),
                             arguments.metric.empty() ? "" : " --metric " + shellQuoted(arguments.metric),
                             arguments.revisions.typed());
  } else if (!result.interrupted && result.suspects.size() == 1) {
    addRequestByHand(result, scenarioIn("", plan), facts);
    facts.reproduce = reproduceLine(repository, result.suspects.front(), plan);
  }
  return facts;
}

Outcome outcomeOf(const BisectResult& result) {
  const bool found = !result.interrupted && result.suspects.size() == 1 && result.confirmed;
  return found ? Outcome::pass : Outcome::cannotMeasure;
}

Outcome bisectCommits(const BisectArguments& arguments) {
  const InterruptWatch interrupt;
  const Repository repository(std::filesystem::current_path());
  const BisectRequest request{repository.commitOf(arguments.good, "--good"),
                              repository.commitOf(arguments.bad, "--bad"), arguments.metric};
  requireAncestor(repository, request, arguments);
  const RevisionPlan plan = arguments.revisions.planFor(arguments.scenario, repository);
  ProgressLine progress(arguments.quiet ? ProgressLine::Mode::silent : ProgressLine::modeFor(STDERR_FILENO));
  Reporter reporter(progress);
  const MeasureOptions options = searchOptions(arguments, interrupt.token());

  BisectResult result;
  {
    Worktree worktree(repository, request.bad, interrupt.token());
    BisectSteps steps;
    steps.measure = [&](const std::string& commit, BuildFrom from) {
      reporter.started();
      progress.setSubject(shortHash(commit));
      progress.started("build", 0);
      buildCommit(worktree, commit, from, plan, interrupt.token());
      progress.finished("build");
      return measureIn(worktree.path(), plan, options, progress);
    };
    steps.suspects = [&](const std::string& bad, const std::vector<std::string>& good) {
      return repository.suspects(bad, good);
    };
    steps.parentOf = [&](const std::string& commit) { return repository.parentOf(commit); };
    steps.tested = [&](const TestedCommit& tested, unsigned left) { reporter.tested(tested, left); };
    result = bisect(request, steps);
  }
  const BisectFacts facts = factsOf(result, request, arguments, repository, plan);
  if (arguments.json) {
    printOutput("{}\n", bisectJson(result, facts).dump(2));
  } else {
    writeText(bisectText(result, facts));
  }
  const std::string hint = rememberHint(arguments.revisions, repository);
  if (!hint.empty() && !result.interrupted) progress.say(hint);
  return outcomeOf(result);
}

}  // namespace

Action addBisectCommand(CLI::App& app) {
  auto arguments = std::make_shared<BisectArguments>();
  CLI::App& command = *app.add_subcommand("bisect", "Find the commit that brought a leak or changed a count");
  command.footer(kBisectHelp);
  command.add_option("--good", arguments->good, "a revision before the change")
      ->required()
      ->check(notEmpty("a revision"));
  command.add_option("--bad", arguments->bad, "a revision with the change")
      ->check(notEmpty("a revision"))
      ->capture_default_str();
  command
      .add_option("SCENARIO", arguments->scenario,
                  "scenario file (leakgate.scenario/1) of the working tree, or the name of one in scenarios/")
      ->required();
  command.add_option("--metric", arguments->metric, "a count of the reports that changed, instead of a leak")
      ->check(notEmpty("a metric"));
  addRevisionOptions(command, arguments->revisions);
  command.add_flag("--json", arguments->json, "print the result as JSON (leakgate.bisect/1) instead of text");
  command.add_flag("--quiet", arguments->quiet, "no progress");
  return [arguments] { return bisectCommits(*arguments); };
}

}  // namespace leakgate
