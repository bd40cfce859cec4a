// Wraps the help of the commands to a terminal's width.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <string_view>

namespace leakgate {

inline constexpr std::size_t kHelpColumns = 80;

/// Breaks lines at blanks so that none is longer than `columns`; the rest is indented: by `descriptionColumn`
/// for an option's description, else like the line itself. A line that was already broken in the source, and
/// is not indented, is joined with the next one first. A word that is longer than a line stays whole.
std::string wrapHelp(std::string_view text, std::size_t columns, std::size_t descriptionColumn);

/// One line, broken at blanks so that none is longer than `columns`, each ending in a newline; the rest is
/// indented by `indent`.
std::string wrapLine(std::string line, std::size_t columns, std::size_t indent);

/// CLI11's help, wrapped.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace leakgate
