// leakgate serve: pages of the history, on this machine.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/history_option.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/standard_streams.hpp"
#include "serve/site_server.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kMaxPort = 65'535;

struct ServeArguments {
  std::string history = kDefaultHistory;
  std::vector<std::string> reports{kReportsDirectory};
  std::uint16_t port = 8757;
  std::string branch = "HEAD";
  std::size_t looked = 200;
};

constexpr const char* kServeHelp =
    "Shows the history in a browser: what changed and since which commit, trends of every metric, step and place, the "
    "findings and where they came in, any two runs beside each other, and whole reports as pages. A page says when new "
    "results are there, also while a gate runs.\n\n"
    "The history has the numbers of each run. Reports are read from the folders of --reports: keep those of each gate "
    "there to compare stacks and findings of old runs as well.\n\n"
    "Example:\n"
    "  leakgate history add reports/latest && leakgate serve\n"
    "  leakgate serve --reports reports/latest --reports /var/ci/reports\n"
    "  ssh -L 8757:localhost:8757 HOST leakgate serve      # of another machine\n\n"
    "It listens on 127.0.0.1 only, reads and never writes, and refuses requests for other hosts. Every user of this "
    "machine can read it. The same as JSON: /api/runs, /api/run?id=, /api/trend?scenario=, /api/reports, "
    "/api/report?id=, /api/state.\n\n"
    "Exit codes: 0 ended by Ctrl-C or SIGTERM; 2 wrong usage, no such history, or the port is taken; 3 the database could "
    "not be reached.";

void waitFor(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait(lock, stop, [] { return false; });
}

Outcome serve(const ServeArguments& arguments) {
  const InterruptWatch interrupt;  // before the server's thread
  SiteOptions options;
  options.reports.assign(arguments.reports.begin(), arguments.reports.end());
  options.branch = arguments.branch;
  options.looked = arguments.looked;
  options.readSource = sourcesBelow(std::filesystem::current_path());
  HistorySite site(openHistory(arguments.history, Missing::refuse), shownHistory(arguments.history),
                   std::move(options));
  SiteServer server(site, arguments.port);
  server.start();
  printOutput("{}\n", server.address());
  printError("leakgate: Ctrl-C ends it\n");
  waitFor(interrupt.token());
  return Outcome::pass;
}

}  // namespace

Action addServeCommand(CLI::App& app) {
  auto arguments = std::make_shared<ServeArguments>();
  CLI::App& command = *app.add_subcommand("serve", "Show the history in a browser");
  command.footer(kServeHelp);
  addHistoryOption(command, arguments->history);
  command
      .add_option("--reports", arguments->reports,
                  "a folder with reports, searched with its folders; several times")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  command.add_option("--port", arguments->port, "port on 127.0.0.1; 0 lets the system choose")
      ->check(wholeNumber(0, kMaxPort))
      ->capture_default_str();
  addTrendOptions(command, arguments->looked, arguments->branch);
  return [arguments] { return serve(*arguments); };
}

}  // namespace leakgate
