// One function for each format, each in a file of its own; a Writer's `write`.
#pragma once

#include <string>

#include "writers/writer.hpp"

namespace leakgate {

/// A test case for each scenario, which fails with all its reasons. Source: the schema of Ant's junitreport and of
/// Jenkins' xUnit plugin (junit-10.xsd); what both allow is written.
std::string junitXml(const WriterInput& input);

/// A page of one run, or of a gate; see html/run_page.hpp and html/gate_page.hpp. Embeds source lines of files below
/// the current directory.
std::string htmlText(const WriterInput& input);

/// A result for each fingerprint, ranked; at most 5,000. Suppressed findings are left out: GitHub ignores
/// `suppressions`. Source: SARIF 2.1.0, OASIS standard.
std::string sarifJson(const WriterInput& input);

/// Workflow commands: ten errors at most, the worst, and a notice of how many more. Source: GitHub, "Workflow commands".
std::string githubAnnotations(const WriterInput& input);

/// As markdownText(), under 1 MiB, which GitHub shows of a step.
std::string githubSummary(const WriterInput& input);

/// An array of issues, ranked, each fingerprint once. Source: GitLab, "Code Quality report format".
std::string codeQualityJson(const WriterInput& input);

/// Verdict, reasons and a table, under 60,000 bytes: reasons are left out whole, and counted.
std::string markdownText(const WriterInput& input);

/// Gauges with the time of the run; of two samples with the same labels the first. Source: OpenMetrics 1.0.
std::string openMetrics(const WriterInput& input);

/// A benchmark for each scenario: latency as real_time, CPU as cpu_time, all metrics as counters.
std::string googleBenchmarkJson(const WriterInput& input);

/// "customSmallerIsBetter" of github-action-benchmark.
std::string actionBenchmarkJson(const WriterInput& input);

/// gzipped perftools.profiles.Profile, the same for the same results; labels scenario, step, scope, fingerprint.
std::string pprofFile(const WriterInput& input);

/// Four profiles for each scenario: allocations, bytes, and both of what is live. Source: speedscope's
/// file-format-schema.json.
std::string speedscopeJson(const WriterInput& input);

/// "scenario;step;finding FINGERPRINT;outermost;innermost BLOCKS", sorted.
std::string foldedStacks(const WriterInput& input);

/// Sections of the largest stacks, at most 1,000 each.
std::string heaptrackText(const WriterInput& input);

}  // namespace leakgate
