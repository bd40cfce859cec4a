// Known growth that must not fail a run, in the file syntax of LeakSanitizer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace leakgate {

/// Reads lines of "leak:PATTERN"; '#' begins a comment line, blank lines are ignored. A pattern matches
/// anywhere in the text; '*' stands for any characters, '^' at its start and '$' at its end tie it to the
/// text's ends. Errors: InputError, which names file and line. Source: LeakSanitizer, "Suppressions";
/// sanitizer_common's TemplateMatch.
std::vector<Suppression> parseSuppressions(std::string_view text, const std::string& fileName);
/// The rules of a file; none without a name.
std::vector<Suppression> suppressionsOf(const std::string& file);

inline constexpr char kSuppressionsHelp[] =
    "file of known leaks that fail nothing, a line each: leak:PATTERN (part of a function, file or module; "
    "* ^ $ as in LeakSanitizer)";

bool matchesPattern(std::string_view pattern, std::string_view text);

/// Whether the pattern matches a function, a source file or a module of the finding's stack.
bool matchesFinding(std::string_view pattern, const NamedFinding& finding);

/// Moves the findings that a rule matches from report.findings to report.suppressed and leaves the rules,
/// with how often each was used, in report.suppressions. The first rule that matches counts. Before judge().
void suppress(Report& report, std::vector<Suppression> rules);

/// A line for each rule that no report used: it hides nothing now, and would hide a new leak later.
std::vector<std::string> unusedSuppressions(const std::vector<const Report*>& reports);

}  // namespace leakgate
