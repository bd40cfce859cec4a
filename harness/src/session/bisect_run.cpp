#include "session/bisect_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "analysis/metrics.hpp"
#include "gate/report_diff.hpp"
#include "report/finding_text.hpp"
#include "revisions/build.hpp"
#include "revisions/commit_search.hpp"
#include "scenario/nearest_names.hpp"

namespace leakgate {

namespace {

std::string listed(const std::vector<double>& readings, const std::string& unit) {
  std::string text;
  for (const double reading : readings) text += (text.empty() ? "" : ", ") + asValue(reading, unit);
  return text;
}

double unexpectedIn(const Report& report) {
  const Metric* metric = findMetric(report.metrics, "unexpected_answers");
  return metric == nullptr ? 0 : metric->value;
}

CommitGauge metricGauge(const std::string& name, const Report& report) {
  if (const Metric* metric = findMetric(report.metrics, name))
    return CommitGauge::ofMetric(name, metric->unit);
  std::vector<std::string> names;
  names.reserve(report.metrics.size());
  for (const Metric& metric : report.metrics) names.push_back(metric.name);
  throw InputError("--metric", "", "\"" + name + "\"", "a metric of the scenario's reports",
                   didYouMean(name, names));
}

std::int64_t growthOf(const NamedFinding& finding) {
  const Finding& growth = finding.growth;
  if (!growth.bytes.empty() && growth.bytes.back() != 0) return growth.bytes.back();
  return growth.blocks.empty() ? 0 : growth.blocks.back();
}

// The largest leak that is new, or more than at the good end.
CommitGauge findingGauge(const Report& good, const Report& bad, const BisectRequest& request) {
  const ReportDiff diff = diffReports(good, bad);
  const NamedFinding* largest = nullptr;
  for (const FindingChange& change : diff.findings) {
    using Fate = FindingChange::Fate;
    if (change.after == nullptr || (change.fate != Fate::added && change.fate != Fate::grew)) continue;
    if (largest == nullptr || growthOf(*change.after) > growthOf(*largest)) largest = change.after;
  }
  if (largest != nullptr) return CommitGauge::ofFinding(*largest);
  const std::string found = bad.findings.empty() ? "no leak" : "no leak that --good lacks";
  throw InputError("--bad", "", fmt::format("{} at {}", found, shortHash(request.bad)),
                   "one that --good has not", "for a count: --metric allocations_per_request");
}

class Bisection {
 public:
  Bisection(const BisectRequest& request, const BisectSteps& steps)
      : request_(request), steps_(steps), bad_(request.bad), good_{request.good} {}

  BisectResult run() {
    try {
      measureEnds();
      search();
      if (result_.suspects.size() == 1) confirm(result_.suspects.front());
    } catch (const Interrupted&) {
      result_.interrupted = true;
      if (result_.limit) result_.suspects = commitsOf(steps_.suspects(bad_, good_));
    }
    return std::move(result_);
  }

 private:
  void measureEnds() {
    std::vector<Report> bad = reportsOfEnd(request_.bad);
    const std::vector<Report> good = reportsOfEnd(request_.good);
    result_.gauge = request_.metric.empty() ? findingGauge(good.front(), bad.front(), request_)
                                            : metricGauge(request_.metric, bad.front());
    TestedCommit badEnd = endOf(request_.bad, CommitResult::bad, bad);
    TestedCommit goodEnd = endOf(request_.good, CommitResult::good, good);
    result_.limit = CommitLimit::between(goodEnd.readings, badEnd.readings);
    if (!result_.limit) throwSameEnds(goodEnd, badEnd);
    unexpectedAtEnd_ = unexpectedIn(bad.front()) + unexpectedIn(good.front()) > 0;
    result_.after = std::move(bad.front());
    const unsigned left = stepsLeft(steps_.suspects(bad_, good_), skipped_);
    record(std::move(badEnd), left);
    record(std::move(goodEnd), left);
  }

  // A metric is read twice, to see whether it is exact; a finding is a proof.
  std::vector<Report> reportsOfEnd(const std::string& commit) const {
    std::vector<Report> reports;
    reports.push_back(steps_.measure(commit, BuildFrom::previous));
    if (request_.metric.empty()) return reports;
    metricGauge(request_.metric, reports.front());
    reports.push_back(steps_.measure(commit, BuildFrom::previous));
    return reports;
  }

  TestedCommit endOf(const std::string& commit, CommitResult side, const std::vector<Report>& reports) const {
    TestedCommit end{commit, side, {}, ""};
    for (const Report& report : reports) {
      const auto reading = result_.gauge->read(report);
      if (!reading) {
        throw MeasureError(fmt::format("{}: {} is not decided; replay more requests", shortHash(commit),
                                       result_.gauge->name()));
      }
      end.readings.push_back(*reading);
    }
    return end;
  }

  [[noreturn]] void throwSameEnds(const TestedCommit& good, const TestedCommit& bad) const {
    const std::string unit = result_.gauge->unit();
    throw InputError(
        "--good, --bad", "",
        fmt::format("{} {} at {} and {} at {}", result_.gauge->name(), listed(good.readings, unit),
                    shortHash(good.commit), listed(bad.readings, unit), shortHash(bad.commit)),
        "ends that differ", "choose others, or another --metric");
  }

  void search() {
    for (auto suspects = steps_.suspects(bad_, good_);;) {
      const auto next = nextCommit(suspects, skipped_);
      result_.suspects = commitsOf(suspects);
      if (!next) return;
      TestedCommit tested = test(*next);
      if (tested.result == CommitResult::bad) {
        bad_ = *next;
      } else if (tested.result == CommitResult::good) {
        good_.push_back(*next);
      } else {
        skipped_.insert(*next);
      }
      suspects = steps_.suspects(bad_, good_);
      record(std::move(tested), stepsLeft(suspects, skipped_));
    }
  }

  TestedCommit test(const std::string& commit) {
    TestedCommit tested{commit, CommitResult::undecided, {}, ""};
    try {
      for (unsigned k = 0; k < kMaxReadings && tested.result == CommitResult::undecided; ++k)
        readInto(tested, steps_.measure(commit, BuildFrom::previous));
    } catch (const Interrupted&) {
      throw;
    } catch (const BuildError& error) {
      tested.result = CommitResult::notBuilt;
      tested.problem = error.what();
    } catch (const std::exception& error) {
      // A target that died, or that this commit builds under another name.
      tested.result = CommitResult::notMeasured;
      tested.problem = error.what();
    }
    return tested;
  }

  void readInto(TestedCommit& tested, const Report& report) const {
    const double unexpected = unexpectedIn(report);
    if (unexpected > 0 && !unexpectedAtEnd_ && request_.metric != "unexpected_answers")
      throw MeasureError(fmt::format("{} responses that the scenario does not expect", unexpected));
    const auto reading = result_.gauge->read(report);
    if (!reading) return;
    tested.readings.push_back(*reading);
    const Side side = result_.limit->sideOf(tested.readings);
    if (side == Side::good) tested.result = CommitResult::good;
    if (side == Side::bad) tested.result = CommitResult::bad;
  }

  void confirm(const std::string& commit) {
    const std::string parent = steps_.parentOf(commit);
    try {
      Report after = steps_.measure(commit, BuildFrom::nothing);
      Report before = steps_.measure(parent, BuildFrom::nothing);
      result_.problem = contradiction(before, parent, Side::good) + contradiction(after, commit, Side::bad);
      result_.confirmed = result_.problem.empty();
      result_.after = std::move(after);
      result_.before = std::move(before);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      result_.problem = std::string("it could not be measured again: ") + error.what();
    }
  }

  std::string contradiction(const Report& report, const std::string& commit, Side expected) const {
    const auto reading = result_.gauge->read(report);
    // One reading that lies between the ends is worse than the good one: bad.
    const Side side = !reading ? Side::unknown : result_.limit->sideOf(std::vector<double>(2, *reading));
    if (side == expected) return "";
    return fmt::format("built from nothing, {} reads {}, which is not {}; ", shortHash(commit),
                       reading ? asValue(*reading, result_.gauge->unit()) : "nothing",
                       expected == Side::good ? "good" : "bad");
  }

  void record(TestedCommit tested, unsigned left) {
    result_.tested.push_back(std::move(tested));
    if (steps_.tested) steps_.tested(result_.tested.back(), left);
  }

  static std::vector<std::string> commitsOf(const std::vector<Suspect>& suspects) {
    std::vector<std::string> commits;
    commits.reserve(suspects.size());
    for (const Suspect& suspect : suspects) commits.push_back(suspect.commit);
    return commits;
  }

  const BisectRequest& request_;
  const BisectSteps& steps_;
  BisectResult result_;
  std::string bad_;  ///< the first one so far
  std::vector<std::string> good_;
  std::set<std::string> skipped_;
  bool unexpectedAtEnd_ = false;
};

}  // namespace

BisectResult bisect(const BisectRequest& request, const BisectSteps& steps) {
  return Bisection(request, steps).run();
}

std::string_view toString(CommitResult result) {
  switch (result) {
    case CommitResult::good:
      return "good";
    case CommitResult::bad:
      return "bad";
    case CommitResult::notBuilt:
      return "does not build";
    case CommitResult::notMeasured:
      return "cannot be measured";
    case CommitResult::undecided:
      break;
  }
  return "undecided";
}

}  // namespace leakgate
