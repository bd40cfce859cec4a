// leakgate export: writes reports that were kept in the formats of other programs.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/format_option.hpp"
#include "cli/interrupt.hpp"
#include "report/gate_data.hpp"
#include "report/report_json.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "session/installation.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

struct ExportArguments {
  std::vector<std::string> reports;
  std::vector<std::string> formats;
};

std::string exportHelp() {
  return "Writes reports for other programs: what `leakgate gate` and `run` write with the same option, later.\n\n"
         "Example, what a gate has left, for a CI server and for GitHub:\n"
         "  leakgate export reports/latest --format junit=leaks.xml\n"
         "Example, in the job itself:\n"
         "  leakgate gate --format junit=leaks.xml\n\n"
         "Formats, and the ends of file names that choose them without NAME=:\n" +
         formatsHelp() +
         "\nNames and messages are cut and escaped: they may come from an attacker. A finding has the same fingerprint "
         "in\nall of them.\n\n"
         "Exit codes: 0 written, whatever the reports' verdicts; 2 wrong usage, or a bad file.";
}

// A folder and a gate's page have several.
std::vector<std::string> reportsNamed(const std::string& named) {
  std::vector<std::string> names;
  if (fs::is_directory(named)) {
    for (const auto& file : jsonFilesIn(named, "reports")) names.push_back(file.string());
  } else if (fs::is_regular_file(named)) {
    names = reportsOfPage(named);
  }
  return names.empty() ? std::vector{named} : names;
}

std::vector<GateResult> resultsOf(const std::vector<std::string>& named) {
  std::vector<GateResult> results;
  for (const auto& several : named)
    for (const auto& name : reportsNamed(several)) results.push_back(resultOf(readReport(name), name));
  return results;
}

Outcome exportReports(const ExportArguments& arguments) {
  const auto formats = formatFilesOf(arguments.formats);
  const auto results = resultsOf(arguments.reports);
  double seconds = 0;
  for (const auto& result : results) seconds += result.seconds;
  writeFormats(formats, {results, shellQuoted(commandName()) + " gate", seconds});
  return Outcome::pass;
}

}  // namespace

Action addExportCommand(CLI::App& app) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App& command = *app.add_subcommand("export", "Write reports in the formats of other programs");
  command.footer(exportHelp());
  command.add_option("REPORT", arguments->reports, "reports, or folders or gates' pages of them")->required();
  addFormatOption(command, arguments->formats);
  command.get_option("--format")->required();
  return [arguments] { return exportReports(*arguments); };
}

}  // namespace leakgate
