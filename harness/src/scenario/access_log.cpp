#include "scenario/access_log.hpp"

#include <algorithm>
#include <unordered_map>

#include "scenario/check.hpp"
#include "scenario/limits.hpp"
#include "scenario/log_line.hpp"
#include "scenario/template_text.hpp"

namespace leakgate {
namespace {

constexpr std::size_t kMaxDistinct = 1'000'000;
constexpr std::uint64_t kMaxImportedRequests = 100'000;

struct Counted {
  LogRequest request;
  std::uint64_t count = 0;
  std::uint64_t firstLine = 0;
};

bool printableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Targets with blanks, or with bytes that JSON text cannot contain, are sent as raw bytes.
bool needsRaw(const LogRequest& request) { return !printableAscii(request.target); }

std::string wireText(const LogRequest& request) {
  return request.method + " " + request.target + " HTTP/" + request.version;
}

// Short, printable and unique: the number of the first line distinguishes names that look alike.
std::string stepName(const Counted& counted) {
  std::string name = counted.request.method + " " + counted.request.target;
  const std::string suffix = " #" + std::to_string(counted.firstLine);
  const bool plain = printableAscii(counted.request.target) && counted.request.version == "1.1";
  if (plain && name.size() <= kMaxNameLength) return name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return name.substr(0, kMaxNameLength - suffix.size()) + suffix;
}

Step stepOf(const Counted& counted, std::uint64_t maxCount) {
  Step step;
  step.name = stepName(counted);
  std::uint64_t weight = counted.count;
  if (maxCount > kMaxWeight) weight = std::max<std::uint64_t>(1, weight * kMaxWeight / maxCount);
  step.weight = static_cast<unsigned>(weight);
  step.expect = Expect{{}, std::nullopt, 500};
  if (needsRaw(counted.request)) {
    step.raw = escapeTemplate(wireText(counted.request)) + "\r\nHost: localhost\r\n\r\n";
    return step;
  }
  step.method = counted.request.method;
  step.path = escapeTemplate(counted.request.target);
  step.version = counted.request.version;
  return step;
}

// Counts distinct requests, and records why the other lines were not used.
class Importer {
 public:
  void add(std::string_view line) {
    ++summary_.lines;
    LogLine parsed = parseLogLine(line);
    if (!parsed.problem.empty()) return skip(summary_.lines, parsed.problem, 1);
    if (counted_.size() >= kMaxDistinct) return skip(summary_.lines, "beyond 1,000,000 distinct requests", 1);
    if (parsed.damagedTail) ++summary_.damagedTails;
    const auto [place, isNew] = byText_.try_emplace(wireText(parsed.request), counted_.size());
    if (isNew) counted_.push_back({std::move(parsed.request), 0, summary_.lines});
    ++counted_[place->second].count;
    ++summary_.used;
  }

  ImportedLog finish(const ImportOptions& options) {
    if (counted_.empty()) throw InputError(noneUsable(options));
    std::stable_sort(counted_.begin(), counted_.end(), [](auto& a, auto& b) { return a.count > b.count; });
    dropBeyondMaxSteps();
    ImportedLog imported;
    imported.scenario = frame(options);
    const std::uint64_t maxCount = counted_.front().count;
    for (const Counted& counted : counted_) {
      imported.scenario.steps.push_back(stepOf(counted, maxCount));
      if (needsRaw(counted.request)) summary_.asRawBytes += counted.count;
    }
    summary_.weightsScaled = maxCount > kMaxWeight;
    imported.summary = std::move(summary_);
    checkScenario(imported.scenario);
    return imported;
  }

 private:
  void skip(std::uint64_t line, const std::string& reason, std::uint64_t lines) {
    summary_.skipped[reason] += lines;
    if (summary_.examples.size() < kMaxSkippedExamples) summary_.examples.push_back({line, reason});
  }

  // Drops the rarest requests; their lines count as skipped.
  void dropBeyondMaxSteps() {
    while (counted_.size() > kMaxSteps) {
      const Counted& rare = counted_.back();
      summary_.used -= rare.count;
      skip(rare.firstLine, "beyond the 5,000 most frequent distinct requests", rare.count);
      counted_.pop_back();
    }
  }

  std::string noneUsable(const ImportOptions& options) const {
    std::string text = options.logName + ": none of its " + std::to_string(summary_.lines) +
                       " lines is a request in Apache's common or combined format";
    if (!summary_.examples.empty()) {
      const SkippedLine& first = summary_.examples.front();
      text += "; line " + std::to_string(first.line) + ": " + first.reason;
    }
    return text;
  }

  Scenario frame(const ImportOptions& options) const {
    Scenario scenario;
    scenario.name = options.name;
    scenario.file = options.name + " (imported)";
    scenario.description = std::to_string(summary_.used) + " requests, " + std::to_string(counted_.size()) +
                           " distinct, imported from " +
                           (options.logName.empty() ? "an access log" : "the access log " + options.logName) +
                           "; a seeded mix by frequency, any status below 500 is right";
    scenario.target = {options.command, options.ready, {}, options.metrics};
    const std::uint64_t requests = std::min(summary_.used, kMaxImportedRequests);
    scenario.load.requests =
        std::max<std::uint64_t>(1, (requests + kBlockUnits - 1) / kBlockUnits) * kBlockUnits;
    scenario.load.warmup = std::max<std::uint64_t>(scenario.load.warmup, counted_.size());
    scenario.load.seed = options.seed;
    return scenario;
  }

  std::vector<Counted> counted_;
  std::unordered_map<std::string, std::size_t> byText_;
  ImportSummary summary_;
};

}  // namespace

ImportedLog importAccessLog(std::istream& log, const ImportOptions& options) {
  Importer importer;
  std::string line;
  while (std::getline(log, line)) {
    if (line.ends_with('\r')) line.pop_back();
    importer.add(line);
  }
  return importer.finish(options);
}

}  // namespace leakgate
