#include "cli/first_screen.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "cli/terminal_text.hpp"
#include "scenario/printable.hpp"

namespace leakgate {

namespace {

enum class Detail { all, commandPerScenario, lines };

std::string heading(const std::vector<RedReason>& reasons) {
  std::set<std::string> scenarios;
  for (const auto& reason : reasons) scenarios.insert(reason.scenario);
  if (reasons.size() == 1) return "RED  1 reason:\n";
  return fmt::format("RED  {} reasons in {} {}, the worst first:\n", reasons.size(), scenarios.size(),
                     scenarios.size() == 1 ? "scenario" : "scenarios");
}

std::string cut(const std::string& line) {
  constexpr std::string_view kMore = " ...";
  if (line.size() <= kScreenColumns) return line;
  return std::string(wholeCharacters(line, kScreenColumns - kMore.size())) + std::string(kMore);
}

std::string reproduceText(const std::string& command) {
  return wrapText("    reproduce  " + command + "\n", kScreenColumns);
}

std::string entry(const RedReason& reason, std::size_t number, Detail detail) {
  const std::string start = fmt::format("{:>2} ", number);
  if (detail == Detail::lines) return cut(start + reason.scenario + ": " + reason.what) + "\n";
  std::string text = wrapText(start + reason.what + "\n", kScreenColumns);
  text += wrapText("    " + reason.scenario + (reason.place.empty() ? "" : "  " + reason.place) + "\n",
                   kScreenColumns);
  return text + (detail == Detail::all ? reproduceText(reason.reproduce) : "");
}

std::string screen(const std::vector<RedReason>& reasons, Detail detail) {
  std::string text = heading(reasons);
  std::vector<std::string> commands;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    text += entry(reasons[i], i + 1, detail);
    const std::string& command = reasons[i].reproduce;
    if (detail == Detail::commandPerScenario &&
        std::find(commands.begin(), commands.end(), command) == commands.end())
      commands.push_back(command);
  }
  for (const auto& command : commands) text += reproduceText(command);
  return text;
}

std::size_t linesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string folded(const std::vector<RedReason>& reasons) {
  constexpr std::size_t kShown = kScreenLines - 4;
  std::string text = heading(reasons);
  for (std::size_t i = 0; i < std::min(kShown, reasons.size()); ++i)
    text += entry(reasons[i], i + 1, Detail::lines);
  if (reasons.size() > kShown) text += fmt::format("   and {} more, above\n", reasons.size() - kShown);
  return text + reproduceText(reasons.front().reproduce);
}

}  // namespace

std::string firstScreen(const std::vector<RedReason>& reasons) {
  if (reasons.empty()) return "";
  for (const Detail detail : {Detail::all, Detail::commandPerScenario}) {
    std::string text = screen(reasons, detail);
    if (linesOf(text) <= kScreenLines) return text;
  }
  return folded(reasons);
}

}  // namespace leakgate
