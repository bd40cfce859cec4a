#include "trigger/inference.hpp"

#include <algorithm>
#include <array>

#include "trigger/amounts.hpp"
#include "trigger/conditions.hpp"
#include "trigger/counts.hpp"
#include "trigger/varied_step.hpp"

namespace leakgate {

namespace {

class Inference {
 public:
  Inference(const Scenario& scenario, const TriggerTable& table) : scenario_(scenario), table_(table) {}

  TriggerInference infer() {
    findSubject();
    if (subject_ == nullptr) {
      withoutSubject();
      return result_;
    }
    result_.cameBack = CameBack::alone;
    result_.subject = subject_;
    expected_ = {table_.rate(*subject_), table_.isExact(*subject_, subject_->work)};
    if (!byCounts()) byTraits();
    addBodySize(result_, table_);
    return result_;
  }

 private:
  // --- reading the table ---

  // Finds all steps that grow alone, and the one that grows most per request.
  void findSubject() {
    for (const auto& e : table_.experiments()) {
      if (e.variation != Variation::none || e.step == kAllSteps || !e.measured()) continue;
      const bool grows = table_.growsAlone(e);
      if (grows || !table_.falls(e)) ++result_.stepsTried;
      if (!grows) continue;
      growing_.push_back(e.step);
      if (subject_ == nullptr || table_.rate(e) > table_.rate(*subject_)) subject_ = &e;
    }
  }

  const TriggerExperiment* ofSubject(Variation variation) const {
    return table_.find(subject_->step, variation);
  }

  bool isAbsent(const TriggerExperiment* e) const {
    return e != nullptr && e->measured() && table_.presence(*e, expected_) == Presence::absent;
  }

  bool isPresent(const TriggerExperiment* e) const { return e != nullptr && table_.isPresent(*e, expected_); }

  bool stopsWith(Variation variation) const { return isAbsent(ofSubject(variation)); }
  bool growsWith(Variation variation) const { return isPresent(ofSubject(variation)); }

  // Whether the trait makes something else grow: another step, or a request for a missing path.
  bool isSufficient(Variation trait, const std::string& field = "") const {
    for (const auto& e : table_.experiments()) {
      if (e.variation != trait || e.field != field || e.step == subject_->step || !e.measured()) continue;
      if (isAbsent(table_.find(e.step, Variation::none))) return isPresent(&e);
    }
    return field.empty() && growsWith(Variation::missingPath);
  }

  // --- counts that explain every experiment ---

  bool byCounts() {
    const bool connections = explainsGrowth(table_, &TriggerExperiment::connections);
    const bool threads = explainsGrowth(table_, &TriggerExperiment::threads);
    if (connections) {
      name(Follows::connection, TriggerEvent::connection);
      if (threads) result_.title = "each starts a thread";
      const auto& evidence = experimentWithMost(table_, &TriggerExperiment::connections);
      measure(result_, table_, evidence, evidence.connections);
    } else if (threads) {
      name(Follows::thread, TriggerEvent::thread);
      const auto& evidence = experimentWithMost(table_, &TriggerExperiment::threads);
      measure(result_, table_, evidence, evidence.threads);
    }
    return connections || threads;
  }

  // --- traits of the subject ---

  const Step& step() const { return scenario_.steps[subject_->step]; }

  void name(Follows follows, TriggerEvent event, std::string title = "") {
    result_.follows = follows;
    result_.event = event;
    result_.title = std::move(title);
  }

  void byTraits() {
    result_.conditions = conditionsOf(table_, *subject_, expected_);
    measureSteps(result_, table_, growing_);
    nameTrait();
    if (followsSecondRequest()) countSecondRequests();
    addExceptions();
    addDeviations();
  }

  void nameTrait() {
    if (step().abort != AbortPoint::none && stopsWith(Variation::whole)) return byAbort();
    if (step().version == "1.0" && stopsWith(Variation::http11)) {
      return trait(Follows::request, TriggerEvent::http10, Variation::http10);
    }
    if (stopsWith(Variation::promptRead)) return byRequest();
    if (stopsWith(Variation::keepAlive) && closesConnection(scenario_, step())) return byClosing();
    if (byStatus() || byField()) return;
    if (stopsWith(Variation::get)) return byMethod();
    byRequest();
  }

  bool followsSecondRequest() const {
    const bool byRequest = result_.event == TriggerEvent::anyRequest ||
                           result_.event == TriggerEvent::everyStep || result_.event == TriggerEvent::steps;
    const auto& conditions = result_.conditions;
    return byRequest && result_.amounts.empty() &&
           std::any_of(conditions.begin(), conditions.end(),
                       [](const auto& c) { return c.kind == ConditionKind::secondOnly; });
  }

  // Each connection has exactly one.
  void countSecondRequests() {
    result_.event = TriggerEvent::secondRequest;
    measure(result_, table_, *subject_, subject_->connections);
  }

  void trait(Follows follows, TriggerEvent event, Variation transfer, std::string title = "") {
    name(follows, event, std::move(title));
    if (!isSufficient(transfer)) result_.steps = growing_;
  }

  void byAbort() {
    std::string where(titleOf(abortVariation(step().abort)).substr(6));
    constexpr std::array kHalf{Variation::afterHeaders, Variation::midBody};
    const auto grows = [&](Variation v) { return growsWith(v) || abortVariation(step().abort) == v; };
    const auto stops = [&](Variation v) { return stopsWith(v); };
    const bool head = grows(Variation::midHeaders);
    const bool later = std::any_of(kHalf.begin(), kHalf.end(), [&](Variation v) { return growsWith(v); }) ||
                       growsWith(Variation::beforeResponse);
    if (head && later && std::none_of(kHalf.begin(), kHalf.end(), stops)) {
      where = stops(Variation::beforeResponse) ? "before the request is whole" : "wherever";
    } else if (stopsWith(Variation::midHeaders) && later) {
      where = "after the headers";
    }
    trait(Follows::disconnect, TriggerEvent::abort, abortVariation(step().abort), where);
  }

  // By connections, or by requests with `Connection: close`: a client that closes without announcing it tells
  // them apart.
  void byClosing() {
    const bool silent = stopsWith(Variation::oneRequest);
    trait(silent ? Follows::request : Follows::connection,
          silent ? TriggerEvent::closing : TriggerEvent::connection, Variation::connectionPerRequest);
    if (silent) return;
    result_.amounts.clear();  // they are of steps with more than one request per connection
    measure(result_, table_, *subject_, subject_->connections);
  }

  // Whether some request got this response and did not grow: then growth does not follow the response. How a
  // request is sent is left to conditions and exceptions.
  bool isRefuted(int status, bool malformed) const {
    const auto& all = table_.experiments();
    return std::any_of(all.begin(), all.end(), [&](const TriggerExperiment& e) {
      if (!isAbsent(&e) || e.errorStatus() != status || isExcluded(e)) return false;
      const bool asSent = e.step == subject_->step && changesSending(e.variation);
      return !asSent && (!malformed || isMalformed(e));
    });
  }

  bool isMalformed(const TriggerExperiment& e) const {
    if (e.step == kAllSteps) return false;
    return e.variation == Variation::malformed || scenario_.steps[e.step].raw.has_value();
  }

  // All growing steps get one error status, and a step that does not grow starts growing when it is changed
  // to get that status.
  bool byStatus() {
    const int status = subject_->errorStatus();
    if (status == 0) return false;
    for (const std::size_t k : growing_) {
      if (table_.find(k, Variation::none)->errorStatus() != status) return false;
    }
    for (const auto& e : table_.experiments()) {
      if (e.variation == Variation::none || !e.measured() || e.errorStatus() != status || !isPresent(&e))
        continue;
      const auto* alone = table_.find(e.step, Variation::none);
      if (!isAbsent(alone) || alone->errorStatus() == status) continue;
      const bool malformed = e.variation == Variation::malformed;
      if (isRefuted(status, malformed)) return false;
      name(Follows::error, malformed ? TriggerEvent::malformed : TriggerEvent::status,
           malformed ? "" : std::to_string(status));
      return true;
    }
    return false;
  }

  // One field that makes another step grow as well: then it is the event, not a condition.
  bool byField() {
    auto& conditions = result_.conditions;
    const auto found = std::find_if(conditions.begin(), conditions.end(), [&](const TriggerCondition& c) {
      return c.kind == ConditionKind::withField && isSufficient(Variation::withField, c.field);
    });
    if (found == conditions.end()) return false;
    name(Follows::request, TriggerEvent::field, found->field);
    return true;
  }

  void byMethod() {
    const Variation transfer = step().method == "OPTIONS" ? Variation::options : Variation::head;
    trait(Follows::request, TriggerEvent::method, transfer, step().method);
  }

  void byRequest() {
    const bool every = growing_.size() == result_.stepsTried && growing_.size() == scenario_.steps.size();
    if (every && result_.amounts.empty() && growsWhateverItAsks())
      return name(Follows::request, TriggerEvent::anyRequest);
    if (every && growing_.size() > 1) return name(Follows::request, TriggerEvent::everyStep);
    name(Follows::request, TriggerEvent::steps);
    result_.steps = growing_;
  }

  bool growsWhateverItAsks() const {
    constexpr std::array kOther{Variation::missingPath, Variation::unknownMethod, Variation::options,
                                Variation::head, Variation::get};
    // When every response is an error, the error may be the cause.
    const bool errorsOnly = std::all_of(growing_.begin(), growing_.end(), [&](std::size_t k) {
      return table_.find(k, Variation::none)->errorStatus() != 0;
    });
    if (errorsOnly || !growsWith(Variation::missingPath)) return false;
    return std::all_of(kOther.begin(), kOther.end(), [&](Variation variation) {
      const auto* e = ofSubject(variation);
      if (e == nullptr || table_.falls(*e) || isExcluded(*e)) return true;
      return table_.presence(*e, expected_) == Presence::full && !table_.unitsDiffer(*e, *subject_);
    });
  }

  bool isExcluded(const TriggerExperiment& e) const {
    return std::any_of(result_.conditions.begin(), result_.conditions.end(),
                       [&](const TriggerCondition& condition) { return excludes(condition, e); });
  }

  // --- what no claim explains ---

  void addExceptions() {
    for (const auto& e : table_.experiments()) {
      if (e.step != subject_->step || !e.measured() || !changesSending(e.variation)) continue;
      if (!isAbsent(&e) || isExcluded(e) || lacksEvent(e)) continue;
      result_.exceptions.push_back(&e);
    }
  }

  // An amount per request is valid only for the connections that carried the requests.
  void addDeviations() {
    if (explainsConnections(result_.conditions)) return;
    for (const auto& e : table_.experiments()) {
      if (e.step != subject_->step || !e.measured() || !changesConnections(e.variation)) continue;
      if (lacksEvent(e) || table_.falls(e) || !isPresent(&e) || !table_.unitsDiffer(e, *subject_)) continue;
      result_.deviations.push_back(&e);
    }
  }

  // Whether the experiment removes the event that the growth follows.
  bool lacksEvent(const TriggerExperiment& e) const {
    switch (result_.event) {
      case TriggerEvent::abort:
        return e.variation == Variation::whole || e.variation == Variation::keepAlive;
      case TriggerEvent::http10:
        return e.variation == Variation::http11 || e.variation == Variation::keepAlive;
      case TriggerEvent::connection:
        return !hasConnectionPerRequest(e);
      case TriggerEvent::closing:
        return e.variation == Variation::keepAlive || e.variation == Variation::oneRequest ||
               e.variation == Variation::twoRequests;
      case TriggerEvent::status:
        return e.errorStatus() != subject_->errorStatus();
      default:
        return false;
    }
  }

  // --- nothing grows alone ---

  void withoutSubject() {
    const auto* mix = table_.find(kAllSteps, Variation::none);
    std::uint64_t requests = 0;
    for (const auto& e : table_.experiments()) {
      if (e.variation != Variation::none || !e.measured()) continue;
      requests += e.requests;
      if (e.step == kAllSteps || !table_.risesUnevenly(e)) continue;
      result_.cameBack = CameBack::uneven;
      result_.evidence = &e;
      return;
    }
    const bool mixGrows = mix != nullptr && table_.growsAlone(*mix);
    const bool allTried = result_.stepsTried == scenario_.steps.size();
    // A step that was not tried may be the one that grows.
    if (result_.stepsTried == 0 || lacksStep() || (mixGrows && !allTried)) {
      result_.evidence = mix;
      return;
    }
    if (mixGrows) {
      result_.cameBack = CameBack::mixed;
      name(Follows::request, TriggerEvent::stepsTogether);
      return measure(result_, table_, *mix, mix->requests);
    }
    const double expected = table_.gauge().perRequest * static_cast<double>(requests);
    result_.cameBack = expected >= kSureUnitsByChance ? CameBack::no : CameBack::tooFew;
    result_.events = requests;
  }

  bool lacksStep() const {
    const auto& all = table_.experiments();
    return std::any_of(all.begin(), all.end(), [this](const TriggerExperiment& e) {
      const bool shows = e.measured() && !table_.falls(e);
      return e.variation == Variation::none && e.step != kAllSteps && !shows;
    });
  }

  const Scenario& scenario_;
  const TriggerTable& table_;
  std::vector<std::size_t> growing_;  // steps
  const TriggerExperiment* subject_ = nullptr;
  ExpectedGrowth expected_;
  TriggerInference result_;
};

}  // namespace

TriggerInference infer(const Scenario& scenario, const TriggerTable& table) {
  return Inference(scenario, table).infer();
}

}  // namespace leakgate
