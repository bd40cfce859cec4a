// The commands. Each adds itself to the command line, and returns the action to call if the user chose it.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "report/verdict.hpp"

namespace leakgate {

/// Does the work, writes to standard output, returns the outcome. Errors: InputError, MeasureError,
/// Interrupted.
using Action = std::function<Outcome()>;

Action addRunCommand(CLI::App& app);
Action addDiffCommand(CLI::App& app);
Action addGateCommand(CLI::App& app);
Action addAcceptCommand(CLI::App& app);
Action addImportCommand(CLI::App& app);
Action addDoctorCommand(CLI::App& app);
Action addMinimizeCommand(CLI::App& app);
Action addBisectCommand(CLI::App& app);
Action addCompareCommand(CLI::App& app);
Action addMergeCommand(CLI::App& app);
Action addBaselinesCommand(CLI::App& app);
Action addReproCommand(CLI::App& app);
Action addHistoryCommand(CLI::App& app);
Action addProfileCommand(CLI::App& app);
Action addExportCommand(CLI::App& app);
Action addServeCommand(CLI::App& app);

/// `leakgate ARGS...`: parses, runs, reports errors on standard error. Returns the process's exit code.
int runCli(int argc, const char* const* argv);

}  // namespace leakgate
