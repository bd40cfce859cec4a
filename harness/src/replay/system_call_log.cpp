#include "replay/system_call_log.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace leakgate {

namespace {

struct LogLine {
  std::uint64_t atNs = 0;
  std::string_view call;  ///< from its name on
};

// Takes a number and what follows it up to the next word; nothing when there is no number.
std::optional<std::uint64_t> takeNumber(std::string_view& text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  text.remove_prefix(std::min(text.find_first_not_of(" ."), text.size()));
  return number;
}

// "13712 1796047062.312492 execve(...) = 0".
std::optional<LogLine> parsed(std::string_view text) {
  if (!takeNumber(text)) return std::nullopt;
  const auto seconds = takeNumber(text);
  const auto microseconds = takeNumber(text);
  if (!seconds || !microseconds) return std::nullopt;
  return LogLine{*seconds * 1'000'000'000 + *microseconds * 1'000, text};
}

std::string_view nameAt(std::string_view text, std::string_view end) {
  const auto length = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
  if (length == 0 || length == std::string_view::npos) return {};
  return text.substr(length).starts_with(end) ? text.substr(0, length) : std::string_view();
}

// Within arguments, text is quoted and cut to nothing (-s 0), so that only a result looks like this.
bool failed(std::string_view call) { return call.find(" = -1 E") != std::string_view::npos; }

}  // namespace

std::vector<SystemCallCount> countSystemCalls(std::istream& log, std::uint64_t fromNs, std::uint64_t toNs) {
  constexpr std::string_view kResumed = "<... ";
  std::map<std::string, SystemCallCount, std::less<>> counts;
  for (std::string text; std::getline(log, text);) {
    auto line = parsed(text);
    if (!line || line->atNs < fromNs || line->atNs >= toNs) continue;
    const bool resumed = line->call.starts_with(kResumed);
    if (resumed) line->call.remove_prefix(kResumed.size());
    const std::string_view name = nameAt(line->call, resumed ? " resumed>" : "(");
    if (name.empty()) continue;
    SystemCallCount& count = counts[std::string(name)];
    if (!resumed) ++count.calls;
    if (failed(line->call)) ++count.failed;
  }
  std::vector<SystemCallCount> sorted;
  for (auto& [name, count] : counts) {
    count.name = name;
    sorted.push_back(std::move(count));
  }
  std::ranges::stable_sort(sorted, std::ranges::greater(), &SystemCallCount::calls);
  return sorted;
}

}  // namespace leakgate
