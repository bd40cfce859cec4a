#include "trigger/conditions.hpp"

#include <algorithm>
#include <cmath>

namespace leakgate {

namespace {

constexpr double kMuchMore = 2;

class ConditionFinder {
 public:
  ConditionFinder(const TriggerTable& table, const TriggerExperiment& subject, const ExpectedGrowth& expected)
      : table_(table), subject_(subject), expected_(expected) {}

  std::vector<TriggerCondition> find() {
    addOverlap();
    addPosition();
    addReading();
    addField();
    addPerConnection();
    return std::move(found_);
  }

 private:
  const TriggerExperiment* ofSubject(Variation variation) const {
    return table_.find(subject_.step, variation);
  }

  bool isAbsent(const TriggerExperiment* e) const {
    return e != nullptr && table_.presence(*e, expected_) == Presence::absent;
  }

  bool isPresent(const TriggerExperiment* e) const { return e != nullptr && table_.isPresent(*e, expected_); }

  void add(ConditionKind kind, const TriggerExperiment* without, const TriggerExperiment* with) {
    found_.push_back({kind, "", without, with, nullptr});
  }

  static double connectionRate(const TriggerExperiment& e) {
    return static_cast<double>(e.connections) / static_cast<double>(e.requests);
  }

  void addOverlap() {
    const auto* oneConnection = ofSubject(Variation::oneConnection);
    const auto* oneInFlight = ofSubject(Variation::oneInFlight);
    const auto* oneAtATime = ofSubject(Variation::oneAtATime);
    if (isAbsent(oneConnection)) add(ConditionKind::concurrent, oneConnection, &subject_);
    if (isAbsent(oneInFlight)) add(ConditionKind::pipelined, oneInFlight, &subject_);
    const bool each = isPresent(oneConnection) && isPresent(oneInFlight);
    if (each && isAbsent(oneAtATime)) add(ConditionKind::overlapping, oneAtATime, &subject_);
  }

  // With one request per connection nothing is pipelined: that may be the only difference, unless it also
  // grows with one request in flight.
  void addPosition() {
    if (subject_.pipeline > 1 && !isPresent(ofSubject(Variation::oneInFlight))) return;
    if (hasConnectionPerRequest(subject_)) return;
    const auto* one = ofSubject(Variation::oneRequest);
    const auto* two = ofSubject(Variation::twoRequests);
    if (!isAbsent(one) || isPresent(ofSubject(Variation::connectionPerRequest))) return;
    if (isAbsent(two)) return add(ConditionKind::afterSecond, two, &subject_);
    // With two requests per connection the second is also the last.
    if (two == nullptr && 9 * subject_.connections < 4 * subject_.requests) return;
    if (two == nullptr) return add(ConditionKind::notFirst, one, &subject_);
    if (isPresent(two) && !table_.falls(*two)) addLaterOrSecond(*one, *two);
  }

  // All later requests of a connection, or only the second: then each connection adds the same amount.
  void addLaterOrSecond(const TriggerExperiment& one, const TriggerExperiment& two) {
    const double ratio = table_.rate(subject_) / table_.rate(two);
    const double share = connectionRate(subject_);
    constexpr double kApart = 0.2;
    if (ratio >= std::min(1.5, (1 - kApart) * 2 * (1 - share))) {
      found_.push_back({ConditionKind::laterRequests, "", &one, &subject_, &two});
    } else if (table_.rise(two) >= 2 * kSureUnitsByChance &&
               std::abs(ratio - 2 * share) <= kApart * 2 * share) {
      found_.push_back({ConditionKind::secondOnly, "", &one, &subject_, &two});
    }
  }

  // A slow reader makes the server write in parts, or wait.
  void addReading() {
    const auto* prompt = ofSubject(Variation::promptRead);
    if (isAbsent(prompt)) return add(ConditionKind::readSlowly, prompt, &subject_);
    const auto* slow = ofSubject(Variation::slowRead);
    const auto* ownConnection = ofSubject(Variation::connectionPerRequest);  // like a slow reader
    if (slow == nullptr || !isMuchMore(*slow, subject_)) return;
    if (ownConnection != nullptr && (table_.falls(*ownConnection) || !isMuchMore(*slow, *ownConnection)))
      return;
    add(ConditionKind::moreSlowly, &subject_, slow);
  }

  bool isMuchMore(const TriggerExperiment& more, const TriggerExperiment& less) const {
    return table_.rate(more) >= kMuchMore * table_.rate(less) && table_.rise(more) >= kSureUnitsByChance;
  }

  // Connections add growth as well as requests: all amounts are on one line.
  void addPerConnection() {
    if (explainsConnections(found_)) return;
    std::vector<const TriggerExperiment*> rows;
    for (const Variation variation :
         {Variation::twoRequests, Variation::oneRequest, Variation::connectionPerRequest}) {
      const auto* e = ofSubject(variation);
      if (e != nullptr && e->requests > 0 && !table_.falls(*e)) rows.push_back(e);
    }
    if (rows.empty()) return;
    const auto* most = *std::max_element(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
      return connectionRate(*a) < connectionRate(*b);
    });
    const double more = connectionRate(*most) - connectionRate(subject_);
    if (more <= 0 || table_.rate(*most) <= table_.rate(subject_) || !table_.unitsDiffer(*most, subject_)) {
      return;
    }
    const double slope = (table_.rate(*most) - table_.rate(subject_)) / more;
    const bool fits = std::all_of(rows.begin(), rows.end(), [&](const auto* e) {
      const double expected = table_.rate(subject_) + slope * (connectionRate(*e) - connectionRate(subject_));
      const double apart = std::abs(table_.rate(*e) - expected) * static_cast<double>(e->requests);
      return apart <= 2 + kNothingShare * expected * static_cast<double>(e->requests);
    });
    if (fits) add(ConditionKind::perConnection, &subject_, most);
  }

  void addField() {
    for (const auto& e : table_.experiments()) {
      if (e.step != subject_.step || e.variation != Variation::withoutField || !e.measured()) continue;
      if (isAbsent(&e)) found_.push_back({ConditionKind::withField, e.field, &e, &subject_, nullptr});
    }
  }

  const TriggerTable& table_;
  const TriggerExperiment& subject_;
  const ExpectedGrowth& expected_;
  std::vector<TriggerCondition> found_;
};

}  // namespace

bool hasConnectionPerRequest(const TriggerExperiment& experiment) {
  return 10 * experiment.connections >= 9 * experiment.requests;
}

std::vector<TriggerCondition> conditionsOf(const TriggerTable& table, const TriggerExperiment& subject,
                                           const ExpectedGrowth& expected) {
  return ConditionFinder(table, subject, expected).find();
}

bool excludes(const TriggerCondition& condition, const TriggerExperiment& experiment) {
  const Variation variation = experiment.variation;
  switch (condition.kind) {
    case ConditionKind::concurrent:
      return experiment.concurrency == 1;
    case ConditionKind::pipelined:  // a slow reader's request is never pipelined
      return experiment.pipeline == 1 || variation == Variation::slowRead;
    case ConditionKind::overlapping:
      return experiment.concurrency == 1 && (experiment.pipeline == 1 || variation == Variation::slowRead);
    case ConditionKind::laterRequests:
    case ConditionKind::notFirst:
    case ConditionKind::secondOnly:
      return hasConnectionPerRequest(experiment);
    case ConditionKind::afterSecond:
      return hasConnectionPerRequest(experiment) || variation == Variation::twoRequests;
    case ConditionKind::readSlowly:
      return variation == Variation::promptRead || variation == Variation::keepAlive;
    case ConditionKind::withField:
      return variation == Variation::withoutFields ||
             (variation == Variation::withoutField && experiment.field == condition.field);
    case ConditionKind::moreSlowly:
    case ConditionKind::perConnection:
      break;
  }
  return false;
}

bool explainsConnections(const std::vector<TriggerCondition>& conditions) {
  return std::any_of(conditions.begin(), conditions.end(), [](const TriggerCondition& condition) {
    switch (condition.kind) {
      case ConditionKind::readSlowly:
      case ConditionKind::moreSlowly:
      case ConditionKind::withField:
        return false;
      default:  // overlap too: requests with their own connection overlap less
        return true;
    }
  });
}

bool changesConnections(Variation variation) {
  return variation == Variation::oneRequest || variation == Variation::twoRequests ||
         variation == Variation::connectionPerRequest;
}

bool changesSending(Variation variation) {
  switch (variation) {
    case Variation::oneConnection:
    case Variation::manyConnections:
    case Variation::oneInFlight:
    case Variation::pipelined:
    case Variation::oneAtATime:
    case Variation::oneRequest:
    case Variation::twoRequests:
    case Variation::keepAlive:
    case Variation::connectionPerRequest:
    case Variation::http10:
    case Variation::http11:
    case Variation::whole:
    case Variation::longerBody:
    case Variation::slowRead:
    case Variation::promptRead:
    case Variation::withoutFields:
    case Variation::withoutField:
      return true;
    default:
      return false;
  }
}

}  // namespace leakgate
