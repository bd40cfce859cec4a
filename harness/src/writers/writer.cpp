#include "writers/writer.hpp"

#include <algorithm>
#include <array>

#include "writers/formats.hpp"

namespace leakgate {

namespace {

using Ends = std::array<std::string_view, 2>;

constexpr Ends kNone{};
constexpr Ends kJunit{".xml", ".junit"};
constexpr Ends kHtml{".html", ".htm"};
constexpr Ends kSarif{".sarif", ".sarif.json"};
constexpr Ends kCodeQuality{"gl-code-quality-report.json", ".codequality.json"};
constexpr Ends kMarkdown{".md", ".markdown"};
constexpr Ends kOpenMetrics{".openmetrics", ".om"};
constexpr Ends kPprof{".pb.gz", ".pprof"};
constexpr Ends kSpeedscope{".speedscope.json", ".speedscope"};
constexpr Ends kFolded{".folded", ".collapsed"};
constexpr Ends kHeaptrack{".heaptrack.txt"};

constexpr std::array kWriters{
    Writer{"junit", "JUnit XML: a test case for each scenario (Jenkins, GitLab, Azure ...)", kJunit,
           junitXml},
    Writer{"html", "a self-contained page, for people; leakgate reads the report in it", kHtml, htmlText},
    Writer{"sarif", "SARIF 2.1.0: a result for each reason (GitHub code scanning, editors)", kSarif,
           sarifJson},
    Writer{"github-annotations", "commands for the log of a GitHub job, to standard output: -, the worst ten",
           kNone, githubAnnotations},
    Writer{"github-summary", "Markdown for $GITHUB_STEP_SUMMARY, under 1 MiB", kNone, githubSummary},
    Writer{"code-quality", "GitLab's code quality report", kCodeQuality, codeQualityJson},
    Writer{"markdown", "a comment on a pull request, under 60,000 bytes", kMarkdown, markdownText},
    Writer{"openmetrics", "every metric with the run's time (Prometheus)", kOpenMetrics, openMetrics},
    Writer{"google-benchmark", "Google Benchmark's JSON (its compare.py)", kNone, googleBenchmarkJson},
    Writer{"action-benchmark", "metrics of which less is better, for github-action-benchmark", kNone,
           actionBenchmarkJson},
    Writer{"pprof", "call stacks of a profile, else of what grew, for go tool pprof", kPprof, pprofFile},
    Writer{"speedscope", "the same for speedscope.app", kSpeedscope, speedscopeJson},
    Writer{"folded", "the same, a line for each stack with its blocks, for flamegraph.pl", kFolded,
           foldedStacks},
    Writer{"heaptrack", "the same for people, in the layout of heaptrack_print", kHeaptrack, heaptrackText},
};

}  // namespace

std::span<const Writer> allWriters() { return kWriters; }

const Writer* writerNamed(std::string_view name) {
  const auto found = std::ranges::find(kWriters, name, &Writer::name);
  return found == kWriters.end() ? nullptr : &*found;
}

const Writer* writerForFile(std::string_view file) {
  const Writer* best = nullptr;
  std::size_t longest = 0;
  for (const Writer& writer : kWriters) {
    for (const std::string_view end : writer.files) {
      if (end.size() <= longest || !file.ends_with(end)) continue;
      best = &writer;
      longest = end.size();
    }
  }
  return best;
}

}  // namespace leakgate
