// Known growth that must not fail a run, in the file syntax of LeakSanitizer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// Reads lines of "leak:PATTERN"; '#' starts a comment line, blank lines are ignored. A pattern matches
/// anywhere in the text; '*' matches any characters, '^' at its start and '$' at its end anchor it. Errors:
/// InputError, which names file and line. Source: LeakSanitizer, "Suppressions"; sanitizer_common's
/// TemplateMatch.
std::vector<Suppression> parseSuppressions(std::string_view text, const std::string& fileName);
/// The rules of a file; none for an empty name.
std::vector<Suppression> suppressionsOf(const std::string& file);

inline constexpr char kSuppressionsHelp[] =
    "file of known leaks that fail nothing, a line each: leak:PATTERN (part of a function, file or module; "
    "* ^ $ as in LeakSanitizer)";

bool matchesPattern(std::string_view pattern, std::string_view text);

/// Whether the pattern matches a function, a source file or a module of the finding's stack.
bool matchesFinding(std::string_view pattern, const NamedFinding& finding);

/// Moves findings that match a rule from report.findings to report.suppressed, and stores the rules, with
/// their numbers of matches, in report.suppressions. The first matching rule counts. Call before judge().
void suppress(Report& report, std::vector<Suppression> rules);

/// A line for each rule that matched in no report: it hides nothing now, but would hide a new leak later.
std::vector<std::string> unusedSuppressions(const std::vector<const Report*>& reports);

}  // namespace leakgate
