#include "revisions/build.hpp"

#include <fmt/core.h>

#include <deque>
#include <fstream>

#include "revisions/child_command.hpp"
#include "scenario/printable.hpp"

namespace leakgate {

namespace {

// The end of a log, each line indented.
std::string lastLines(const std::filesystem::path& file) {
  constexpr std::size_t kMaxLines = 10;
  constexpr std::size_t kMaxLineBytes = 200;
  std::ifstream in(file);
  std::deque<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(printable(wholeCharacters(line, kMaxLineBytes)));
    if (lines.size() > kMaxLines) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace

void build(const Worktree& worktree, const std::string& command, std::chrono::seconds limit,
           const std::stop_token& stop) {
  const auto folder = worktree.path().parent_path();
  const auto log = folder / "build.log";
  std::filesystem::create_directory(folder / "tmp");
  std::string how;
  try {
    const ChildEnd end =
        runToEnd({{"/usr/bin/env", "TMPDIR=" + (folder / "tmp").string(), "/bin/sh", "-c", command},
                  worktree.path(),
                  log},
                 stop, limit);
    if (end.status == 0) return;
    how = fmt::format("ended with exit code {}", end.status);
  } catch (const OutOfTime&) {
    how = fmt::format("took more than {} s", limit.count());
  }
  throw BuildError(
      fmt::format("{} does not build: {} {}{}", shortHash(worktree.commit()), command, how, lastLines(log)));
}

}  // namespace leakgate
