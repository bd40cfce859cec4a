#include "gate/suppressions.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "report/atomic_file.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kPrefix = "leak:";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Suppression parseLine(std::string_view line, const std::string& fileName, unsigned number) {
  if (!line.starts_with(kPrefix) || trimmed(line.substr(kPrefix.size())).empty()) {
    throw InputError(fileName, "line " + std::to_string(number), "\"" + std::string(line) + "\"",
                     "leak:PATTERN or a # comment",
                     "a pattern is a part of a function's, file's or module's name, as leak:SSL_CTX_new");
  }
  return {std::string(trimmed(line.substr(kPrefix.size()))), fileName, number, 0};
}

// '*' matches anything: the next piece may start at any later place. Each piece is searched once, from the
// left.
bool matchesPieces(std::string_view pattern, std::string_view text, bool atStart, bool atEnd) {
  bool tied = atStart;
  while (true) {
    const auto star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    const bool last = star == std::string_view::npos;
    if (last && atEnd) return tied ? text == piece : text.ends_with(piece);
    const auto at = text.find(piece);
    if (at == std::string_view::npos || (tied && !text.starts_with(piece))) return false;
    if (last) return true;
    text.remove_prefix((tied ? 0 : at) + piece.size());
    pattern.remove_prefix(star + 1);
    tied = false;
  }
}

}  // namespace

std::vector<Suppression> parseSuppressions(std::string_view text, const std::string& fileName) {
  std::vector<Suppression> rules;
  for (unsigned number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty() && line.front() != '#') rules.push_back(parseLine(line, fileName, number));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rules;
}

std::vector<Suppression> suppressionsOf(const std::string& file) {
  if (file.empty()) return {};
  return parseSuppressions(readWhole(file), file);
}

bool matchesPattern(std::string_view pattern, std::string_view text) {
  const bool atStart = pattern.starts_with('^');
  if (atStart) pattern.remove_prefix(1);
  const bool atEnd = pattern.ends_with('$');
  if (atEnd) pattern.remove_suffix(1);
  return matchesPieces(pattern, text, atStart, atEnd);
}

bool matchesFinding(std::string_view pattern, const NamedFinding& finding) {
  return std::any_of(finding.stack.begin(), finding.stack.end(), [&](const Frame& frame) {
    return matchesPattern(pattern, frame.function) || matchesPattern(pattern, frame.file) ||
           matchesPattern(pattern, frame.module);
  });
}

void suppress(Report& report, std::vector<Suppression> rules) {
  const auto silenced = [&](const NamedFinding& finding) {
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Suppression& candidate) {
      return matchesFinding(candidate.pattern, finding);
    });
    if (rule != rules.end()) ++rule->findings;
    return rule != rules.end();
  };
  const auto kept = std::stable_partition(report.findings.begin(), report.findings.end(),
                                          [&](const NamedFinding& finding) { return !silenced(finding); });
  report.suppressed.assign(kept, report.findings.end());
  report.findings.erase(kept, report.findings.end());
  report.suppressions = std::move(rules);
}

std::vector<std::string> unusedSuppressions(const std::vector<const Report*>& reports) {
  std::map<std::pair<std::string, unsigned>, Suppression> rules;
  for (const Report* report : reports) {
    for (const Suppression& rule : report->suppressions) {
      rules.try_emplace({rule.file, rule.line}, Suppression{rule.pattern, rule.file, rule.line, 0})
          .first->second.findings += rule.findings;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [place, rule] : rules) {
    if (rule.findings > 0) continue;
    lines.push_back(rule.file + ":" + std::to_string(rule.line) + ": leak:" + rule.pattern +
                    " has matched nothing; take it out, lest it hide a new leak");
  }
  return lines;
}

}  // namespace leakgate
