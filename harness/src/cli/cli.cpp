#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <vector>

#include "cli/commands.hpp"
#include "cli/help_text.hpp"
#include "cli/interrupt.hpp"
#include "cli/standard_streams.hpp"
#include "replay/measure_error.hpp"
#include "scenario/input_error.hpp"
#include "scenario/nearest_names.hpp"
#include "scenario/printable.hpp"
#include "session/installation.hpp"

namespace leakgate {

namespace {

// CLI11 reports an unknown command or option as a missing command.
void requireKnownCommand(const CLI::App& app, int argc, const char* const* argv) {
  if (argc > 1 && app.get_option_no_throw(argv[1]) != nullptr) return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (argc > 1 && std::find(names.begin(), names.end(), argv[1]) != names.end()) return;
  const std::string meant = argc > 1 ? didYouMean(argv[1], names) : "";
  throw InputError(fmt::format("found {}, expected a command: {}{}",
                               argc > 1 ? fmt::format("\"{}\"", argv[1]) : "nothing", listOf(names),
                               meant.empty() ? "; see leakgate --help" : "; " + meant));
}

constexpr const char* kLeakgateHelp =
    "leakgate finds memory leaks in HTTP servers: it replays requests, counts what the server allocates and keeps, and\n"
    "proves per place in the program what grows with what.\n\n"
    "Start here:\n"
    "  leakgate run scenarios/context_churn.json    one scenario, judged\n"
    "  leakgate gate                                all scenarios against their baselines: what CI runs\n"
    "  leakgate profile scenarios/json_echo.json    which lines allocate, per request and step\n"
    "  leakgate minimize REPORT                     the smallest request that leaks, as a curl command\n"
    "  leakgate compare main..HEAD SCENARIO         two commits, measured by turns\n"
    "  leakgate bisect --good v1.4 SCENARIO         the commit that brought a leak, or changed a count\n"
    "  leakgate COMMAND --help                      each command, with examples\n";

struct Command {
  CLI::App* parser;
  Action action;
};

int report(const char* kind, const std::exception& error, Outcome outcome) {
  printError("leakgate: {}: {}\n", kind, printable(error.what()));
  return exitCodeOf(outcome);
}

int perform(const Action& action) {
  try {
    ownExecutable();  // before a build may replace it
    return exitCodeOf(action());
  } catch (const Interrupted&) {
    printError("leakgate: interrupted before anything could be judged; the target was stopped\n");
    return kInterruptedExitCode;
  } catch (const InputError& error) {
    return report("bad input", error, Outcome::badInput);
  } catch (const MeasureError& error) {
    return report("could not measure", error, Outcome::cannotMeasure);
  } catch (const std::exception& error) {
    // Out of memory, a full disk behind standard output, or a bug in leakgate.
    return report("could not finish", error, Outcome::cannotMeasure);
  }
}

}  // namespace

int runCli(int argc, const char* const* argv) {
  CLI::App app(kLeakgateHelp, "leakgate");
  app.set_version_flag("--version", std::string("leakgate ") + LEAKGATE_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  std::vector<Command> commands;
  for (const auto add :
       {addRunCommand, addDiffCommand, addGateCommand, addAcceptCommand, addImportCommand, addDoctorCommand,
        addMinimizeCommand, addBisectCommand, addCompareCommand, addMergeCommand, addBaselinesCommand,
        addReproCommand, addHistoryCommand, addProfileCommand, addExportCommand, addServeCommand}) {
    Action action = add(app);
    commands.push_back({app.get_subcommands({}).back(), std::move(action)});
  }
  try {
    requireKnownCommand(app, argc, argv);
    app.parse(argc, argv);
  } catch (const InputError& error) {
    return report("bad input", error, Outcome::badInput);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exitCodeOf(Outcome::badInput);
  }
  for (const auto& command : commands) {
    if (command.parser->parsed()) return perform(command.action);
  }
  return exitCodeOf(Outcome::badInput);
}

}  // namespace leakgate
