#include "cli/history_option.hpp"

#include "cli/option_checks.hpp"
#include "cli/standard_streams.hpp"

namespace leakgate {

namespace {

constexpr std::uint64_t kMaxTrendRuns = 2000;

}  // namespace

void addHistoryOption(CLI::App& command, std::string& history) {
  command.add_option("--history", history, "an SQLite file, or postgresql://USER@HOST/DATABASE")
      ->envname("LEAKGATE_HISTORY")
      ->check(notEmpty("a file or URL"))
      ->capture_default_str();
}

void addTrendOptions(CLI::App& command, std::size_t& looked, std::string& branch) {
  command.add_option("--last", looked, "look at so many of the newest runs")
      ->check(wholeNumber(2, kMaxTrendRuns))
      ->capture_default_str();
  command.add_option("--branch", branch, "the branch whose commits are looked at")
      ->check(notEmpty("a revision"))
      ->capture_default_str();
}

std::unique_ptr<HistoryStore> openHistory(const std::string& name, Missing missing) {
  return std::make_unique<HistoryStore>(
      openDatabase(name, missing, [](const std::string& what) { printError("leakgate: {}\n", what); }));
}

std::string shownHistory(const std::string& history) {
  return isPostgresUrl(history) ? withoutPassword(history) : history;
}

}  // namespace leakgate
