#include "analysis/trigger.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/finding_kind.hpp"
#include "analysis/resource_growth.hpp"

namespace leakgate {

namespace {

using Experiments = std::vector<TriggerExperiment>;

// Below this share of what a step alone does, a rise is something else: a first time, a pool's last block.
constexpr double kNothingShare = 0.05;
constexpr std::int64_t kClearUnits = 3;
constexpr double kMuchMore = 2;

bool isCaller(const Gauge& gauge, const CodeLocation& caller) {
  return std::find(gauge.callers.begin(), gauge.callers.end(), caller) != gauge.callers.end();
}

// Of one place, or of the process when no place is known.
GrowthCourse resourceCourse(const Gauge& gauge, const RunRecord& record) {
  if (gauge.callers.empty()) {
    SiteGrowth all = kernelGrowth(record, gauge.kind);
    return {std::move(all.blocks), std::move(all.bytes)};
  }
  GrowthCourse course{Series(record.checkpoints.size()), Series(record.checkpoints.size())};
  for (const auto& [kind, site] : resourceGrowths(record)) {
    if (kind != placeKindOf(gauge.kind) || !isCaller(gauge, site.caller)) continue;
    for (std::size_t k = 0; k < site.blocks.size(); ++k) {
      course.blocks[k] += site.blocks[k];
      course.bytes[k] += site.bytes[k];
    }
  }
  return course;
}

std::pair<std::int64_t, std::int64_t> liveOf(const Gauge& gauge, const MemorySnapshot& memory) {
  if (gauge.callers.empty()) return {memory.totals.liveBlocks(), memory.totals.liveBytes()};
  std::int64_t blocks = 0, bytes = 0;
  for (const auto& row : memory.sites) {
    if (row.scope != gauge.scope || !isCaller(gauge, row.caller)) continue;
    blocks += static_cast<std::int64_t>(row.allocations - row.frees);
    bytes += static_cast<std::int64_t>(row.allocatedBytes - row.freedBytes);
  }
  return {blocks, bytes};
}

const Series& unitsOf(const GrowthCourse& course, const Gauge& gauge) {
  return gauge.byBytes ? course.bytes : course.blocks;
}

std::int64_t rise(const TriggerExperiment& experiment, std::size_t gauge, const Gauge& of) {
  const Series& units = unitsOf(experiment.growth[gauge], of);
  return units.empty() ? 0 : units.back() / of.unit;
}

bool risesInMostBlocks(const TriggerExperiment& experiment, std::size_t gauge, const Gauge& of) {
  const auto steps = intervals(unitsOf(experiment.growth[gauge], of));
  const auto rising = std::count_if(steps.begin(), steps.end(), [](auto d) { return d > 0; });
  return rising + 1 >= static_cast<std::ptrdiff_t>(steps.size()) && rising >= 2;
}

// What one conclusion is drawn from: one gauge over all experiments.
class Inference {
 public:
  Inference(const Scenario& scenario, const Finding& mixed, const Experiments& experiments, std::size_t gauge,
            const Gauge& of)
      : scenario_(scenario), mixed_(mixed), all_(experiments), gauge_(gauge), of_(of) {}

  TriggerConclusion conclude() {
    findSubject();
    if (subject_ == nullptr) return withoutSubject();
    const TriggerExperiment* evidence = subject_;
    if (followsConnections()) {
      name(Follows::connection, followsThreads() ? "connection (each starts a thread)" : "connection");
      evidence = withMostConnections();
      measure(*evidence, evidence->connections);
    } else if (followsThreads()) {
      name(Follows::thread, "thread");
      evidence = withMostThreads();
      measure(*evidence, evidence->threads);
    } else {
      byTraits();
      measure(*subject_, subject_->requests);
    }
    result_.exact = exactlyProportional(unitsOf(evidence->growth[gauge_], of_), evidence->work, of_.unit);
    addConcurrency();
    addReading();
    addBodySize();
    result_.agrees = agreesWithMixed();
    result_.text = sentence();
    return result_;
  }

 private:
  // --- reading the table ---

  double rate(const TriggerExperiment& e) const { return ratePerRequest(e, gauge_, of_); }

  // The step alone that grows most per request; and all that grow.
  void findSubject() {
    for (const auto& e : all_) {
      if (e.variation != Variation::none || e.step == kAllSteps || !e.measured()) continue;
      ++stepsTried_;
      if (!grew(e, gauge_, of_, 0)) continue;
      growing_.push_back(&e);
      if (subject_ == nullptr || rate(e) > rate(*subject_)) subject_ = &e;
    }
  }

  const TriggerExperiment* find(std::size_t step, Variation variation) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const TriggerExperiment& e) {
      return e.step == step && e.variation == variation && e.measured();
    });
    return found == all_.end() ? nullptr : &*found;
  }

  const TriggerExperiment* ofSubject(Variation variation) const { return find(subject_->step, variation); }

  bool grows(const TriggerExperiment& e) const { return grew(e, gauge_, of_, rate(*subject_)); }

  bool stopsWith(Variation variation) const {
    const auto* e = ofSubject(variation);
    return e != nullptr && !grows(*e);
  }

  bool growsWith(Variation variation) const {
    const auto* e = ofSubject(variation);
    return e != nullptr && grows(*e);
  }

  // Whether the trait brings growth where there was none: to another step, or to a path that is not there.
  std::optional<bool> isSufficient(Variation trait) const {
    for (const auto& e : all_) {
      if (e.variation != trait || e.step == subject_->step || !e.measured()) continue;
      const auto* alone = find(e.step, Variation::none);
      if (alone != nullptr && !grows(*alone)) return grows(e);
    }
    if (const auto* elsewhere = ofSubject(Variation::missingPath)) return grows(*elsewhere);
    return std::nullopt;
  }

  // --- counts that explain every experiment ---

  // Growth is the same multiple of the count in every experiment, and some had none of it, or less than one
  // a request: otherwise the count says no more than the requests do.
  template <typename CountOf>
  bool explains(CountOf countOf) const {
    double units = 0, events = 0;
    bool differs = false;
    for (const auto& e : all_) {
      if (!e.measured()) continue;
      units += static_cast<double>(rise(e, gauge_, of_));
      events += static_cast<double>(countOf(e));
      differs = differs || 2 * countOf(e) < e.requests;
    }
    if (units <= 0 || events <= 0 || !differs) return false;
    const double slope = units / events;
    return std::all_of(all_.begin(), all_.end(), [&](const TriggerExperiment& e) {
      if (!e.measured()) return true;
      const double expected = slope * static_cast<double>(countOf(e));
      return std::abs(static_cast<double>(rise(e, gauge_, of_)) - expected) <= 2 + kNothingShare * expected;
    });
  }

  bool followsConnections() const {
    return explains([](const TriggerExperiment& e) { return e.connections; });
  }

  bool followsThreads() const {
    return explains([](const TriggerExperiment& e) { return e.threads; });
  }

  const TriggerExperiment* withMostConnections() const {
    return &*std::max_element(all_.begin(), all_.end(), [](const auto& a, const auto& b) {
      return a.measured() < b.measured() || (a.measured() == b.measured() && a.connections < b.connections);
    });
  }

  const TriggerExperiment* withMostThreads() const {
    return &*std::max_element(all_.begin(), all_.end(), [](const auto& a, const auto& b) {
      return a.measured() < b.measured() || (a.measured() == b.measured() && a.threads < b.threads);
    });
  }

  // --- traits of the subject ---

  const Step& step() const { return scenario_.steps[subject_->step]; }

  void name(Follows follows, std::string event) {
    result_.follows = follows;
    result_.event = std::move(event);
  }

  void byTraits() {
    if (step().abort != AbortPoint::none && stopsWith(Variation::whole)) return byAbort();
    if (step().version == "1.0" && stopsWith(Variation::http11)) {
      return trait(Follows::request, "HTTP/1.0 request", Variation::http10);
    }
    if (stopsWith(Variation::promptRead)) return byRequest();
    if (stopsWith(Variation::keepAlive) && closesConnection(scenario_, step())) {
      return trait(Follows::connection, "connection", Variation::connectionPerRequest);
    }
    if (const int status = errorStatus(); status != 0 && byStatus(status)) return;
    if (stopsWith(Variation::get)) return byMethod();
    byRequest();
  }

  void trait(Follows follows, const std::string& event, Variation transfer) {
    const auto sufficient = isSufficient(transfer);
    name(follows, sufficient.value_or(false) ? event : event + " of " + stepsText());
  }

  void byAbort() {
    std::string where = std::string(titleOf(abortVariation(step().abort))).substr(6);
    const bool head = growsWith(Variation::midHeaders) || step().abort == AbortPoint::midHeaders;
    const bool later = growsWith(Variation::afterHeaders) || growsWith(Variation::midBody) ||
                       growsWith(Variation::beforeResponse);
    if (head && later) {
      where = "wherever";
    } else if (stopsWith(Variation::midHeaders) && later) {
      where = "after the headers";
    }
    trait(Follows::disconnect, "abort " + where, abortVariation(step().abort));
  }

  // The one status that all answers had, when it is an error.
  int errorStatus() const {
    if (subject_->statuses.size() != 1) return 0;
    const int status = subject_->statuses.begin()->first;
    return status >= 400 ? status : 0;
  }

  // Another request with the same status grows as well, and no step with another status does.
  bool byStatus(int status) {
    const bool others = std::any_of(growing_.begin(), growing_.end(), [&](const TriggerExperiment* e) {
      return e->statuses != subject_->statuses && (e->statuses.size() != 1 || !e->statuses.contains(status));
    });
    if (others) return false;
    for (const auto& e : all_) {
      if (&e == subject_ || !e.measured() || e.statuses.size() != 1 || !grows(e)) continue;
      if (e.statuses.begin()->first != status) continue;
      const bool changed = e.step != subject_->step || e.variation == Variation::missingPath ||
                           e.variation == Variation::malformed;
      if (!changed) continue;
      name(Follows::error,
           e.variation == Variation::malformed ? "malformed request" : std::to_string(status) + " answer");
      return true;
    }
    return false;
  }

  void byMethod() {
    const Variation transfer = step().method == "OPTIONS" ? Variation::options : Variation::head;
    trait(Follows::request, step().method + " request", transfer);
  }

  void byRequest() {
    const bool every = growing_.size() == stepsTried_;
    if (every && growsWith(Variation::missingPath)) {
      name(Follows::request, "request, whatever it asks for");
    } else if (every && stepsTried_ > 1) {
      name(Follows::request, "request of every step");
    } else {
      name(Follows::request, "request of " + stepsText());
    }
  }

  std::string stepsText() const {
    constexpr std::size_t kShown = 6;
    std::string names;
    for (std::size_t k = 0; k < std::min(kShown, growing_.size()); ++k) {
      names += (k == 0 ? "" : ", ") + scenario_.steps[growing_[k]->step].name;
    }
    if (growing_.size() > kShown) names += fmt::format(" and {} more", growing_.size() - kShown);
    return (growing_.size() == 1 ? "step " : "steps ") + names;
  }

  // --- amounts ---

  void measure(const TriggerExperiment& e, std::uint64_t events) {
    result_.events = events;
    if (events == 0) return;
    const auto& course = e.growth[gauge_];
    result_.blocksPerEvent = static_cast<double>(course.blockRise()) / static_cast<double>(events);
    result_.bytesPerEvent = static_cast<double>(course.byteRise()) / static_cast<double>(events);
  }

  void addConcurrency() {
    const auto* alone = ofSubject(Variation::oneConnection);
    if (alone == nullptr || grows(*alone) || subject_->concurrency == 1) return;
    addCondition(fmt::format("only when concurrent ({} alone, {} with {} connections)", amountIn(*alone),
                             amountIn(*subject_), subject_->concurrency));
  }

  // A slow reader makes the server's write go through in parts, or wait.
  void addReading() {
    if (stopsWith(Variation::promptRead)) {
      addCondition(fmt::format("only when the client reads slowly ({} read at once, {} read slowly)",
                               amountIn(*ofSubject(Variation::promptRead)), amountIn(*subject_)));
      return;
    }
    const auto* slow = ofSubject(Variation::slowRead);
    const auto* ownConnection = ofSubject(Variation::connectionPerRequest);  // as a slow reader has
    if (slow == nullptr || rate(*slow) < kMuchMore * rate(*subject_)) return;
    if (ownConnection != nullptr && rate(*slow) < kMuchMore * rate(*ownConnection)) return;
    addCondition(fmt::format("more when the client reads slowly ({} read at once, {} read slowly)",
                             amountIn(*subject_), amountIn(*slow)));
  }

  std::string amountIn(const TriggerExperiment& e) const {
    return fmt::format("{} in {}", rise(e, gauge_, of_), e.requests);
  }

  void addCondition(const std::string& condition) {
    result_.condition += (result_.condition.empty() ? "" : ", ") + condition;
  }

  void addBodySize() {
    const auto* longer = ofSubject(Variation::longerBody);
    if (longer == nullptr || longer->requests == 0 || subject_->requests == 0) return;
    const auto bytes = [&](const TriggerExperiment& e) {
      return static_cast<double>(e.growth[gauge_].byteRise()) / static_cast<double>(e.requests);
    };
    const double perByte = (bytes(*longer) - bytes(*subject_)) / static_cast<double>(kLongerBodyBytes);
    if (perByte > kNothingShare) result_.bytesPerBodyByte = perByte;
  }

  // --- words ---

  TriggerConclusion withoutSubject() {
    if (stepsTried_ == 0) {
      result_.text = "no experiment could be run";
      return result_;
    }
    const auto* mix = find(kAllSteps, Variation::none);
    if (mix != nullptr && grew(*mix, gauge_, of_, 0)) {
      name(Follows::request, "request of the steps together");
      measure(*mix, mix->requests);
      result_.text =
          fmt::format("it grows only when the steps are mixed: none of the {} alone brings it", stepsTried_);
      return result_;
    }
    result_.text = "it did not come back in short experiments: rare, or it needs a longer run";
    return result_;
  }

  bool agreesWithMixed() const {
    if (mixed_.follows != result_.follows) return false;
    if (mixed_.step.empty()) return true;
    return std::any_of(growing_.begin(), growing_.end(), [&](const TriggerExperiment* e) {
      return mixed_.step.find(scenario_.steps[e->step].name) != std::string::npos;
    });
  }

  std::string mixedWords() const {
    if (mixed_.follows == Follows::unknown) return "the mixed run could not tell";
    const std::string said =
        std::string(toString(mixed_.follows)) + (mixed_.step.empty() ? "" : " of step " + mixed_.step);
    return result_.agrees ? "the mixed run agrees: " + said : "the mixed run knew only: " + said;
  }

  std::string amount() const {
    std::string text;
    if (!of_.byBytes) {
      text = fmt::format("{:+.3f} {}", result_.blocksPerEvent, traitsOf(of_.kind).unit);
    }
    if (of_.kind == FindingKind::heap || of_.byBytes) {
      text += fmt::format("{}{:+.4g} B", text.empty() ? "" : ", ", result_.bytesPerEvent);
    }
    return text;
  }

  std::string sentence() const {
    std::string text = fmt::format("per {}: {} ({} of them{})", result_.event, amount(), result_.events,
                                   result_.exact ? ", exact" : "");
    if (!result_.condition.empty()) text += ", " + result_.condition;
    if (result_.bytesPerBodyByte > 0) {
      text += fmt::format(", {:+.3g} B per byte of body", result_.bytesPerBodyByte);
    }
    return text + "; " + mixedWords();
  }

  const Scenario& scenario_;
  const Finding& mixed_;
  const Experiments& all_;
  const std::size_t gauge_;
  const Gauge& of_;
  std::size_t stepsTried_ = 0;
  std::vector<const TriggerExperiment*> growing_;
  const TriggerExperiment* subject_ = nullptr;
  TriggerConclusion result_;
};

}  // namespace

std::optional<Gauge> gaugeOf(const Finding& finding, std::vector<CodeLocation> callers,
                             std::uint64_t requests) {
  const bool longRun = finding.kind == FindingKind::slowdown || finding.kind == FindingKind::uncounted ||
                       finding.kind == FindingKind::managed;
  if (longRun || finding.pattern == Pattern::stepped) return std::nullopt;
  if (requests == 0 || finding.blocks.empty()) return std::nullopt;
  Gauge gauge{finding.kind, std::move(callers), finding.scope};
  gauge.byBytes = traitsOf(finding.kind).hasBytes && finding.blocks.back() <= 0;
  if (gauge.byBytes) gauge.unit = byteUnitOf(finding.bytes, requests);
  const auto units =
      static_cast<double>(gauge.byBytes ? finding.bytes.back() / gauge.unit : finding.blocks.back());
  gauge.perRequest = units / static_cast<double>(requests);
  return gauge;
}

GrowthCourse courseOf(const Gauge& gauge, const RunRecord& record) {
  GrowthCourse course;
  if (record.checkpoints.empty()) return course;
  if (gauge.kind != FindingKind::heap) return resourceCourse(gauge, record);
  for (const auto& checkpoint : record.checkpoints) {
    const auto [blocks, bytes] = liveOf(gauge, checkpoint.memory);
    course.blocks.push_back(blocks);
    course.bytes.push_back(bytes);
  }
  aboveWarm(course.blocks);
  aboveWarm(course.bytes);
  return course;
}

void readExperiment(TriggerExperiment& experiment, const RunRecord& record,
                    const std::vector<Gauge>& gauges) {
  experiment.concurrency = record.scenario.load.connections;
  experiment.work = {0};
  for (std::size_t k = 1; k < record.checkpoints.size(); ++k) {
    const BlockTally& block = record.checkpoints[k].block;
    experiment.requests += block.requests;
    experiment.connections += block.connectionsOpened;
    for (const auto& [status, count] : block.statuses) experiment.statuses[status] += count;
    experiment.work.push_back(experiment.requests);
  }
  if (!record.checkpoints.empty()) {
    experiment.threads = record.checkpoints.back().memory.audit.threadsSeen -
                         record.checkpoints.front().memory.audit.threadsSeen;
  }
  for (const auto& gauge : gauges) experiment.growth.push_back(courseOf(gauge, record));
}

double ratePerRequest(const TriggerExperiment& experiment, std::size_t gauge, const Gauge& of) {
  if (experiment.requests == 0) return 0;
  return static_cast<double>(rise(experiment, gauge, of)) / static_cast<double>(experiment.requests);
}

bool grew(const TriggerExperiment& experiment, std::size_t gauge, const Gauge& of, double perRequest) {
  const std::int64_t units = rise(experiment, gauge, of);
  if (perRequest <= 0) return units >= kClearUnits && risesInMostBlocks(experiment, gauge, of);
  const double expected = perRequest * static_cast<double>(experiment.requests);
  return static_cast<double>(units) > std::max(1.0, kNothingShare * expected);
}

TriggerConclusion conclude(const Scenario& scenario, const Finding& mixed, const Experiments& experiments,
                           std::size_t gauge, const Gauge& of) {
  return Inference(scenario, mixed, experiments, gauge, of).conclude();
}

}  // namespace leakgate
