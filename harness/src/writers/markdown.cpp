#include <fmt/core.h>

#include <algorithm>

#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"
#include "writers/ranked_reasons.hpp"
#include "writers/source_place.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxCommentBytes = 60'000;     ///< of a comment of GitHub, which has 65,536 characters
constexpr std::size_t kMaxSummaryBytes = 1'000'000;  ///< of a step's summary, which has 1 MiB

// Text that stays text: no links, no mentions of people, no HTML.
std::string plain(std::string_view foreign) {
  constexpr std::string_view kSpecial = "\\`*_{}[]()<>#+!|~&@:";
  std::string text;
  for (const char c : foreignLine(foreign))
    text += kSpecial.find(c) == std::string_view::npos ? std::string(1, c)
                                                       : fmt::format("&#{};", static_cast<int>(c));
  return text;
}

// A block that no run of backticks in its text can end.
std::string codeBlock(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t at = 0, run = 0; at < text.size(); ++at) {
    run = text[at] == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fence + "text\n" + text + "\n" + fence + "\n";
}

std::string tableOf(const std::vector<GateResult>& results, std::size_t maxBytes) {
  // Those that did not pass are never left out for those that did.
  std::vector<const GateResult*> rows;
  for (const auto& result : results) rows.push_back(&result);
  std::ranges::stable_partition(rows, [](const auto* result) { return exitCodeOf(result->outcome) != 0; });
  std::string text = "| Scenario | Verdict | Time |\n|---|---|---:|\n";
  std::size_t shown = 0;
  for (; shown < rows.size(); ++shown) {
    const std::string row = fmt::format("| {} | {} | {:.1f} s |\n", plain(rows[shown]->name),
                                        toString(rows[shown]->outcome), rows[shown]->seconds);
    if (text.size() + row.size() > maxBytes) break;
    text += row;
  }
  if (shown < rows.size()) text += fmt::format("\nand {} more\n", rows.size() - shown);
  return text;
}

std::string headline(const WriterInput& input, std::size_t reasons) {
  const auto passed = std::ranges::count_if(
      input.results, [](const auto& result) { return exitCodeOf(result.outcome) == 0; });
  const Outcome outcome = worstOf(input.results);
  std::string text = fmt::format("## leakgate: {}\n\n{} of {} scenarios passed in {:.0f} s",
                                 toString(outcome), passed, input.results.size(), input.seconds);
  if (reasons > 0)
    text += fmt::format("; {} {}", reasons, reasons == 1 ? "reason" : "reasons, the worst first");
  return text + "\n\n";
}

std::string sectionOf(const RankedReason& reason) {
  const SourcePlace place = sourcePlaceOf(reason);
  return fmt::format("### {}\n\n{}, line {}\n\n{}\n", plain(reason.worst.what), plain(place.path), place.line,
                     codeBlock(reason.text()));
}

// As many reasons as there is room for, each whole.
std::string markdown(const WriterInput& input, std::size_t maxBytes) {
  const auto reasons = rankedReasons(input);
  std::string text = headline(input, reasons.size());
  const std::string table = tableOf(input.results, maxBytes / 2);
  const std::size_t limit = maxBytes - table.size() - 100;
  std::size_t shown = 0;
  for (; shown < reasons.size(); ++shown) {
    const std::string section = sectionOf(reasons[shown]);
    if (text.size() + section.size() > limit) break;
    text += section + "\n";
  }
  if (shown < reasons.size()) text += fmt::format("and {} more reasons\n\n", reasons.size() - shown);
  return text + table;
}

}  // namespace

std::string markdownText(const WriterInput& input) { return markdown(input, kMaxCommentBytes); }

std::string githubSummary(const WriterInput& input) { return markdown(input, kMaxSummaryBytes); }

}  // namespace leakgate
