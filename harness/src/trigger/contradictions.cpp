#include "trigger/contradictions.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace leakgate {

namespace {

class Checker {
 public:
  Checker(const TriggerTable& table, const TriggerInference& claims) : table_(table), claims_(claims) {}

  std::vector<std::string> run() {
    checkCameBack();
    if (claims_.cameBack != CameBack::alone) return std::move(found_);
    for (const auto& condition : claims_.conditions) checkCondition(condition);
    for (const auto* e : claims_.exceptions) {
      if (!isNothing(*e)) say("said to stop, yet it grows", *e);
      if (isObscured(*e)) say("said to stop, and falls may hide a rise", *e);
    }
    checkSilence();
    checkSteps();
    checkAmounts();
    if (claims_.event == TriggerEvent::anyRequest) checkAnyRequest();
    if (claims_.event == TriggerEvent::connection) checkConnections();
    if (claims_.event == TriggerEvent::status) checkStatus();
    if (claims_.event == TriggerEvent::secondRequest) checkSecondRequests();
    return std::move(found_);
  }

 private:
  void say(const std::string& what, const TriggerExperiment& e) {
    found_.push_back(
        fmt::format("{}: {} has {} units in {} requests", what, e.name, table_.rise(e), e.requests));
  }

  double expectedIn(const TriggerExperiment& e) const {
    return claims_.subject == nullptr ? 0 : table_.rate(*claims_.subject) * static_cast<double>(e.requests);
  }

  bool isNothing(const TriggerExperiment& e) const {
    return static_cast<double>(table_.rise(e)) <= std::max(1.0, 0.05 * expectedIn(e));
  }

  bool losesThree(const TriggerExperiment& e) const {
    const Series& units = table_.units(e);
    const std::int64_t three = 3 * table_.gauge().unit;
    return std::adjacent_find(units.begin(), units.end(), [three](auto before, auto after) {
             return before - after >= three;
           }) != units.end();
  }

  // What earlier experiments left is freed in this one.
  bool falls(const TriggerExperiment& e) const { return table_.rise(e) < 0 || losesThree(e); }

  // Whether falls may hide a rise: something is freed here, or elsewhere while the count moves here.
  bool isObscured(const TriggerExperiment& e) const {
    const Series& units = table_.units(e);
    const auto& all = table_.experiments();
    const bool moves = std::count(units.begin(), units.end(), 0) != std::ssize(units);
    return falls(e) || (moves && std::any_of(all.begin(), all.end(), [this](const auto& other) {
                          return other.measured() && losesThree(other);
                        }));
  }

  // At least eight units were expected, and there are none.
  bool clearlyStops(const TriggerExperiment& e) const {
    return expectedIn(e) >= 8 && isNothing(e) && !isObscured(e);
  }

  void checkCameBack() {
    for (const auto& e : table_.experiments()) {
      if (!e.measured() || e.variation != Variation::none || e.step == kAllSteps) continue;
      const bool rises = table_.rise(e) >= 3;
      if (rises && (claims_.cameBack == CameBack::mixed || claims_.cameBack == CameBack::no ||
                    claims_.cameBack == CameBack::tooFew)) {
        say("said not to grow alone", e);
      }
    }
  }

  void checkCondition(const TriggerCondition& condition) {
    const auto& less = *condition.without;
    const auto& more = *condition.with;
    if (condition.kind == ConditionKind::moreSlowly) {
      if (table_.rate(more) < 2 * table_.rate(less)) say("said to be more when read slowly", more);
      return;
    }
    if (condition.kind == ConditionKind::perConnection) {
      if (table_.rate(more) <= table_.rate(less)) say("said to be more with more connections", more);
      return;
    }
    if (!isNothing(less)) say("said not to grow without the condition", less);
    if (isObscured(less)) say("said not to grow without the condition, and falls may hide it", less);
    if (isNothing(more)) say("said to grow with the condition", more);
    if (condition.kind == ConditionKind::laterRequests && isNothing(*condition.between)) {
      say("said to grow from the second request on", *condition.between);
    }
  }

  // An experiment without growth must be explained by a condition, an exception, or the event.
  void checkSilence() {
    for (const auto& e : table_.experiments()) {
      if (!e.measured() || claims_.subject == nullptr || e.step != claims_.subject->step) continue;
      if (!changesSending(e.variation) || !clearlyStops(e)) continue;
      const auto& exceptions = claims_.exceptions;
      if (std::find(exceptions.begin(), exceptions.end(), &e) != exceptions.end()) continue;
      if (!isSaidByCondition(e) && !isSaidByEvent(e)) say("stops, and nothing says so", e);
    }
  }

  bool isSaidByCondition(const TriggerExperiment& e) const {
    return std::any_of(claims_.conditions.begin(), claims_.conditions.end(), [&](const auto& condition) {
      switch (condition.kind) {
        case ConditionKind::concurrent:
        case ConditionKind::overlapping:
          return e.concurrency == 1;
        case ConditionKind::pipelined:
          return e.pipeline == 1 || e.variation == Variation::slowRead;
        case ConditionKind::notFirst:
        case ConditionKind::secondOnly:
          return 10 * e.connections >= 9 * e.requests;
        case ConditionKind::laterRequests:
        case ConditionKind::afterSecond:
          return 3 * e.connections > e.requests;
        case ConditionKind::readSlowly:
          return e.variation == Variation::promptRead || e.variation == Variation::keepAlive;
        case ConditionKind::withField:
          return e.field == condition.field || e.variation == Variation::withoutFields;
        case ConditionKind::moreSlowly:
        case ConditionKind::perConnection:
          break;
      }
      return false;
    });
  }

  bool isSaidByEvent(const TriggerExperiment& e) const {
    switch (claims_.event) {
      case TriggerEvent::connection:
        return 10 * e.connections < 9 * e.requests;
      case TriggerEvent::closing:
        return e.variation == Variation::keepAlive || e.variation == Variation::oneRequest ||
               e.variation == Variation::twoRequests;
      case TriggerEvent::thread:
        return e.threads == 0;
      case TriggerEvent::abort:
        return e.variation == Variation::whole || e.variation == Variation::keepAlive;
      case TriggerEvent::http10:
        return e.variation != Variation::connectionPerRequest;
      case TriggerEvent::status:
        return e.statuses != claims_.subject->statuses;
      default:
        return false;
    }
  }

  void checkSteps() {
    for (const auto& e : table_.experiments()) {
      if (!e.measured() || e.variation != Variation::none || e.step == kAllSteps) continue;
      const auto& steps = claims_.steps;
      const bool named = std::find(steps.begin(), steps.end(), e.step) != steps.end();
      const bool every =
          claims_.event == TriggerEvent::everyStep || claims_.event == TriggerEvent::anyRequest;
      if ((named || every) && isNothing(e)) say("said to grow", e);
      if (claims_.event == TriggerEvent::steps && !named && table_.growsAlone(e)) say("not named", e);
    }
  }

  // The claimed amount, if it is per request.
  double claimedIn(const TriggerExperiment& e) const {
    const double units = table_.gauge().byBytes
                             ? claims_.bytesPerEvent / static_cast<double>(table_.gauge().unit)
                             : claims_.blocksPerEvent;
    return units * static_cast<double>(e.requests);
  }

  // Within ten per cent, and six deviations when a count differs between blocks.
  bool isNear(const TriggerExperiment& e, double units) const {
    const double most = std::max(units, static_cast<double>(table_.rise(e)));
    double slack = 3 + 0.1 * most;
    if (!claims_.exact || !table_.isExact(e, e.work)) slack += 6 * std::sqrt(2 * most);
    return std::abs(static_cast<double>(table_.rise(e)) - units) <= slack;
  }

  bool countsRequests() const {
    if (claims_.event == TriggerEvent::connection || claims_.event == TriggerEvent::thread) return false;
    return claims_.evidence == claims_.subject && claims_.events >= claims_.subject->requests;
  }

  void checkAmounts() {
    if (!countsRequests()) return;
    for (const auto& e : table_.experiments()) {
      if (!e.measured() || e.step == kAllSteps) continue;
      if (e.variation == Variation::none && table_.growsAlone(e)) checkStepAmount(e);
      if (e.step == claims_.subject->step) checkConnectionAmount(e);
    }
  }

  void checkStepAmount(const TriggerExperiment& e) {
    const auto& amounts = claims_.amounts;
    const bool listed = std::find(amounts.begin(), amounts.end(), &e) != amounts.end();
    if (amounts.empty() ? !isNear(e, claimedIn(e)) : !listed) say("grows by another amount", e);
  }

  // Checks those rows of the subject that differ only in the connections.
  void checkConnectionAmount(const TriggerExperiment& e) {
    const bool connections = e.variation == Variation::oneRequest || e.variation == Variation::twoRequests ||
                             e.variation == Variation::connectionPerRequest;
    if (!connections || isNothing(e) || falls(e) || isSaidByEvent(e)) return;
    if (isNear(e, table_.rate(*claims_.subject) * static_cast<double>(e.requests))) return;
    const auto& said = claims_.deviations;
    if (std::find(said.begin(), said.end(), &e) != said.end()) return;
    const auto& conditions = claims_.conditions;
    const bool explained = std::any_of(conditions.begin(), conditions.end(), [](const auto& condition) {
      return condition.kind != ConditionKind::readSlowly && condition.kind != ConditionKind::moreSlowly &&
             condition.kind != ConditionKind::withField;
    });
    if (!explained) say("grows by another amount, and nothing says so", e);
  }

  void checkAnyRequest() {
    for (const auto& e : table_.experiments()) {
      const bool other = e.variation == Variation::missingPath || e.variation == Variation::unknownMethod ||
                         e.variation == Variation::options || e.variation == Variation::head;
      if (!e.measured() || !other || e.step != claims_.subject->step) continue;
      if (isSaidByCondition(e) || falls(e)) continue;
      if (clearlyStops(e)) say("said to grow whatever is asked for", e);
      if (!isNothing(e) && !isNear(e, claimedIn(e))) say("said to grow by as much whatever is asked for", e);
    }
  }

  void checkConnections() {
    for (const auto& e : table_.experiments()) {
      if (!e.measured() || e.step != claims_.subject->step || !changesSending(e.variation)) continue;
      if (e.connections == 0 && !isNothing(e)) say("said to follow connections, and none was opened", e);
    }
  }

  // One per connection, in rows whose connections have two or more requests.
  void checkSecondRequests() {
    for (const auto& e : table_.experiments()) {
      const bool asked = e.variation == Variation::none || e.variation == Variation::twoRequests;
      if (!e.measured() || !asked || falls(e) || e.step != claims_.subject->step) continue;
      const double claimed =
          claimedIn(e) * static_cast<double>(e.connections) / static_cast<double>(e.requests);
      if (!isNear(e, claimed)) say("said to come with each second request", e);
    }
  }

  void checkStatus() {
    for (const auto& e : table_.experiments()) {
      if (!e.measured() || e.errorStatus() == 0) continue;
      if (std::to_string(e.errorStatus()) != claims_.title || !clearlyStops(e)) continue;
      const bool asSent = e.step == claims_.subject->step && changesSending(e.variation);
      if (!asSent && !isSaidByCondition(e)) say("said to follow the status of its responses", e);
    }
  }

  const TriggerTable& table_;
  const TriggerInference& claims_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> contradictions(const TriggerTable& table, const TriggerInference& inference) {
  return Checker(table, inference).run();
}

}  // namespace leakgate
