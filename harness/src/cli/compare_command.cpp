// leakgate compare: two commits, working trees or programs, measured by turns.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/compare_text.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/revision_arguments.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/budget_names.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "scenario/load.hpp"
#include "session/instruction_count.hpp"
#include "session/named_files.hpp"
#include "session/request_costs.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

struct CompareArguments {
  std::vector<std::string> words;  ///< A..B and scenarios
  std::string aTarget, bTarget;
  std::string aTree, bTree;
  RevisionArguments revisions;
  unsigned rounds = kCompareRounds;
  double within = 1;
  std::uint64_t seed = 1;
  std::optional<double> rate;  ///< of the open loop
  bool instructions = false;
  bool json = false;
  bool quiet = false;
};

constexpr const char* kCompareHelp =
    "Builds two commits, each in a worktree of its own, replays the scenarios against both, and says for each metric whether\n"
    "the second is better, worse, the same, or whether that cannot be told. Counts are compared exactly, from runs under\n"
    "the shim. CPU per request, latency, throughput and RSS are compared by starts of the server without it: in rounds of\n"
    "two starts a side, in balanced random order. Each start has a closed loop, then an open one (open_loop.*): requests are\n"
    "sent at a rate, whether or not the server keeps up, and their latencies count from when they were due.\n\n"
    "A verdict on times needs p < 1 % over all metrics together (Wilcoxon's signed ranks of the rounds, Holm). Column\n"
    "\"Sees\" is the smallest change that would have been found; more --rounds see less. A round in which a fixed loop\n"
    "takes more or less time than usual is void and repeated.\n\n"
    "Examples:\n"
    "  leakgate compare main..HEAD login --build 'make -j2'\n"
    "  leakgate compare v1.4..                        # with HEAD, all of scenarios/\n"
    "  leakgate compare --a-target './old {port}' --b-target './new {port}' login\n"
    "  leakgate compare --a-tree ../old --b-tree . login   # as they are built there\n"
    "  leakgate compare main..HEAD login --rounds 0   # counts only, in seconds\n"
    "  leakgate compare main..HEAD login --instructions    # a count that no busy machine can move\n\n"
    "Exit codes: 0 nothing is worse; 1 something is; 2 wrong usage or a bad file; 3 a side cannot be built or measured, or\n"
    "interrupted.";

/// Where a side is measured, and how its server is started.
struct MeasuredSide {
  std::string name;
  fs::path top;
  RevisionPlan plan;
  std::unique_ptr<Worktree> worktree;
};

bool isRange(const std::string& word) { return word.find("..") != std::string::npos && !fs::exists(word); }

// The first word, when it is A..B.
std::optional<std::pair<std::string, std::string>> rangeOf(const std::vector<std::string>& words) {
  if (words.empty() || !isRange(words.front())) return std::nullopt;
  const std::string& word = words.front();
  const auto at = word.find("..");
  std::string end = word.substr(at + 2);
  if (end.starts_with('.'))
    throw InputError("compare", "", word, "A..B with two dots", "the common ancestor: git merge-base");
  const std::string start = word.substr(0, at);
  return std::pair{start.empty() ? "HEAD" : start, end.empty() ? "HEAD" : end};
}

std::vector<fs::path> scenariosOf(const CompareArguments& arguments, bool withRange) {
  std::vector<fs::path> files;
  for (std::size_t k = withRange ? 1 : 0; k < arguments.words.size(); ++k)
    files.push_back(fs::absolute(fileOrName(arguments.words[k], kScenariosDirectory)));
  if (!files.empty()) return files;
  for (const fs::path& file : jsonFilesIn(kScenariosDirectory, "scenario"))
    files.push_back(fs::absolute(file));
  return files;
}

MeasuredSide revisionSide(const Repository& repository, const std::string& revision, const std::string& name,
                          const RevisionPlan& plan, const std::stop_token& stop, ProgressLine& progress) {
  const std::string commit = repository.commitOf(revision, name);
  MeasuredSide side{fmt::format("{} ({})", revision, shortHash(commit)), {}, plan, nullptr};
  progress.setSubject(revision);
  progress.started("build", 0);
  side.worktree = std::make_unique<Worktree>(repository, commit, stop, name);
  buildCommit(*side.worktree, commit, BuildFrom::previous, plan, stop);
  progress.finished("build");
  side.top = side.worktree->path();
  return side;
}

MeasuredSide builtSide(const std::string& tree, const std::string& target, const std::string& name) {
  MeasuredSide side{target.empty() ? tree : target, fs::absolute(tree.empty() ? "." : tree), {}, nullptr};
  if (!fs::is_directory(side.top)) throw InputError("--" + name + "-tree", "", tree, "a folder");
  if (!target.empty()) side.plan.target = splitCommand(target);
  return side;
}

MeasureOptions measureOptions(const CompareArguments& arguments, Depth depth, const std::stop_token& stop) {
  MeasureOptions options;
  options.depth = depth;
  options.extends = false;
  options.stop = stop;
  options.maxTime = std::chrono::seconds(arguments.revisions.maxSeconds);
  return options;
}

class SideBySide {
 public:
  SideBySide(const CompareArguments& arguments, std::stop_token stop, ProgressLine& progress)
      : arguments_(arguments), stop_(std::move(stop)), progress_(progress) {
    plan_.rounds = arguments.rounds;
    plan_.rule.withinPercent = arguments.within;
    plan_.seed = arguments.seed;
    plan_.openLoopRate = arguments.rate;
  }

  Outcome compare(MeasuredSide& a, MeasuredSide& b, const Scenario& scenario, nlohmann::ordered_json& all) {
    a.plan.scenario = b.plan.scenario = scenario;
    progress_.setSubject(scenario.name);
    const auto sideOf = [&](CompareSide side) -> const MeasuredSide& {
      return side == CompareSide::a ? a : b;
    };
    CompareSteps steps;
    steps.count = [&](CompareSide side) {
      return measureIn(sideOf(side).top, sideOf(side).plan, measureOptions(arguments_, Depth::sites, stop_),
                       progress_);
    };
    steps.start = [&](CompareSide side, const StartSettings& settings) {
      SilentProgress none;
      RevisionPlan plan = sideOf(side).plan;
      plan.scenario.target.env["LEAKGATE_PADDING"] = std::string(settings.paddingBytes, 'x');
      MeasureOptions options = measureOptions(arguments_, Depth::none, stop_);
      if (settings.openLoopRate > 0) options.openLoop = {scenario.load.requests, settings.openLoopRate};
      return measureIn(sideOf(side).top, plan, options, none);
    };
    if (arguments_.instructions) {
      steps.instructions = [&](CompareSide side) {
        progress_.say(scenario.name + ": counting instructions under callgrind, some seconds");
        return instructionsPerRequest(sideOf(side).top, sideOf(side).plan,
                                      measureOptions(arguments_, Depth::none, stop_), progress_);
      };
    }
    steps.control = timeFixedLoop;
    steps.estimated = [&](unsigned starts, std::chrono::duration<double> left) {
      show(scenario.name, starts, left);
    };
    const CompareResult result = compareBySteps(plan_, steps);
    const SideNames names{a.name, b.name};
    if (arguments_.json) {
      all.push_back(compareJson(result, plan_, scenario.name, names));
    } else {
      writeText(compareText(result, plan_, scenario.name, names) + "\n");
    }
    if (result.interrupted) return Outcome::cannotMeasure;
    return overallVerdict(result) == SideVerdict::worse ? Outcome::fail : Outcome::pass;
  }

 private:
  void show(const std::string& name, unsigned starts, std::chrono::duration<double> left) {
    const auto planned = static_cast<unsigned>(kStartsPerRound) * plan_.rounds;
    if (starts == planned) {
      progress_.say(fmt::format("{}: {} rounds of {} starts, about {:.0f} s", name, plan_.rounds,
                                kStartsPerRound, std::ceil(left.count())));
      progress_.started("start", planned);
    }
    progress_.estimated(std::chrono::seconds(static_cast<std::int64_t>(left.count())));
    progress_.advanced(planned - starts);
  }

  const CompareArguments& arguments_;
  std::stop_token stop_;
  ProgressLine& progress_;
  ComparePlan plan_;
};

void checkSides(const CompareArguments& arguments, bool withRange) {
  const bool named = !arguments.aTree.empty() || !arguments.bTree.empty() || !arguments.aTarget.empty() ||
                     !arguments.bTarget.empty();
  if (withRange != named) return;
  throw InputError("compare", "", named ? "A..B together with --a-tree or --a-target" : "no two sides",
                   "A..B, or --a-target and --b-target, or --a-tree and --b-tree",
                   "for example leakgate compare main..HEAD");
}

Outcome compareSidesOf(const CompareArguments& arguments) {
  const InterruptWatch interrupt;
  if (arguments.rounds != 0 && arguments.rounds < kMinCompareRounds)
    throw InputError("--rounds", "", std::to_string(arguments.rounds),
                     fmt::format("{} or more, or 0 for counts only", kMinCompareRounds));
  if (arguments.instructions) requireTool("valgrind", "--instructions");
  const auto range = rangeOf(arguments.words);
  checkSides(arguments, range.has_value());
  const auto files = scenariosOf(arguments, range.has_value());
  std::vector<Scenario> scenarios;
  for (const fs::path& file : files) {
    scenarios.push_back(loadScenario(file));
    checkBudgetNames(scenarios.back());
  }
  ProgressLine progress(arguments.quiet ? ProgressLine::Mode::silent : ProgressLine::modeFor(STDERR_FILENO));
  std::optional<Repository> repository;
  MeasuredSide a;
  MeasuredSide b;
  if (range) {
    repository.emplace(fs::current_path());
    const RevisionPlan plan = arguments.revisions.planFor(files.front().string(), *repository);
    a = revisionSide(*repository, range->first, "a", plan, interrupt.token(), progress);
    b = revisionSide(*repository, range->second, "b", plan, interrupt.token(), progress);
  } else {
    a = builtSide(arguments.aTree, arguments.aTarget, "a");
    b = builtSide(arguments.bTree, arguments.bTarget, "b");
  }
  SideBySide comparison(arguments, interrupt.token(), progress);
  Outcome outcome = Outcome::pass;
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Scenario& scenario : scenarios) {
    outcome = worse(outcome, comparison.compare(a, b, scenario, all));
    if (interrupt.token().stop_requested()) break;
  }
  if (arguments.json) printOutput("{}\n", all.dump(2));
  return outcome;
}

}  // namespace

Action addCompareCommand(CLI::App& app) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App& command =
      *app.add_subcommand("compare", "Measure two commits or programs by turns and compare them");
  command.footer(kCompareHelp);
  command.add_option(
      "WHAT", arguments->words,
      "A..B: two revisions; then scenario files, or names of some in scenarios/; none: all there");
  for (const auto& [name, target] :
       {std::pair{"--a-target", &arguments->aTarget}, {"--b-target", &arguments->bTarget}})
    command.add_option(name, *target, "command that starts this side's server")->check(notEmpty("a command"));
  for (const auto& [name, tree] : {std::pair{"--a-tree", &arguments->aTree}, {"--b-tree", &arguments->bTree}})
    command.add_option(name, *tree, "folder with this side's build, in which its server is started")
        ->check(notEmpty("a folder"));
  addRevisionOptions(command, arguments->revisions);
  command.add_option("--rounds", arguments->rounds, "rounds of four starts; 0: counts only")
      ->check(wholeNumber(0, 10'000))
      ->capture_default_str();
  command.add_option("--within", arguments->within, "a change below this, in percent, is \"same\"")
      ->check(CLI::Range(0.01, 100.0))
      ->capture_default_str();
  command.add_option("--seed", arguments->seed, "of the order of starts")
      ->check(wholeNumber(0, UINT64_MAX))
      ->capture_default_str();
  command
      .add_option(
          "--rate", arguments->rate,
          "requests a second of the open loop; without it half of what side a manages; 0: no open loop")
      ->check(CLI::Range(0.0, 1e6));
  command.add_flag("--instructions", arguments->instructions,
                   "also count user instructions per request, by valgrind's callgrind");
  command.add_flag("--json", arguments->json, "print a list of results (leakgate.compare/1) instead of text");
  command.add_flag("--quiet", arguments->quiet, "no progress");
  return [arguments] { return compareSidesOf(*arguments); };
}

}  // namespace leakgate
