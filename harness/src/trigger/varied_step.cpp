#include "trigger/varied_step.hpp"

#include <algorithm>

#include "scenario/check.hpp"
#include "trigger/header_fields.hpp"

namespace leakgate {
namespace {

constexpr std::uint32_t kStallMs = 50;
constexpr std::uint32_t kSlowReadMs = 20;
// A server may wait for the rest of a malformed request: the client does not wait long.
constexpr std::uint32_t kMalformedStallMs = 100;

bool aborts(const Step& step) { return step.abort != AbortPoint::none; }

void awaitAnything(Step& step) {
  step.abort = AbortPoint::none;
  step.stallMs = 0;
  step.expect = Expect{};
}

void leaveAt(Step& step, AbortPoint point) {
  step.abort = point;
  step.stallMs = 0;
  step.slowReadMs = 0;
  step.expect.reset();
}

void dropBody(Step& step) {
  step.body.clear();
  for (const char* name : {"content-length", "content-type", "transfer-encoding"}) dropField(step, name);
}

void useMethod(Step& step, const char* method) {
  step.method = method;
  dropBody(step);
}

// One change of a scenario of one step. Each returns false when there is nothing to change.
class Change {
 public:
  explicit Change(Scenario& scenario) : load_(scenario.load), step_(scenario.steps.front()) {}

  bool apply(Variation variation) {
    switch (variation) {
      case Variation::none:
        return true;
      case Variation::oneConnection:
      case Variation::manyConnections:
        return setConnections(variation == Variation::manyConnections);
      case Variation::oneInFlight:
      case Variation::pipelined:
        return setPipeline(variation == Variation::pipelined);
      case Variation::oneAtATime:
        return sendOneAtATime();
      case Variation::oneRequest:
      case Variation::twoRequests:
        return endConnections(variation == Variation::oneRequest ? 1 : 2);
      case Variation::keepAlive:
        return keepAlive();
      case Variation::connectionPerRequest:
        return isPlain() && !closes() && closeEach();
      case Variation::http10:
      case Variation::http11:
        return setVersion(variation == Variation::http10 ? "1.0" : "1.1");
      case Variation::whole:
        return sendWhole();
      case Variation::malformed:
        return sendMalformed();
      case Variation::midHeaders:
      case Variation::afterHeaders:
      case Variation::midBody:
      case Variation::beforeResponse:
      case Variation::stalled:
        return leave(variation);
      case Variation::missingPath:
      case Variation::longerBody:
        return changeContent(variation);
      case Variation::get:
      case Variation::unknownMethod:
      case Variation::options:
      case Variation::head:
        return changeMethod(variation);
      case Variation::slowRead:
      case Variation::promptRead:
        return setReading(variation == Variation::slowRead);
      case Variation::withoutFields:
        return dropFields(droppableFields(step_));
      case Variation::withoutField:
      case Variation::withField:
        return false;
    }
    return false;
  }

 private:
  bool isPlain() const { return !step_.raw && !aborts(step_) && step_.expect; }

  bool closes() const {
    const std::string* connection = fieldOf(step_, "connection");
    return aborts(step_) || step_.slowReadMs != 0 || step_.newConnection ||
           !step_.keepAlive.value_or(load_.keepAlive) || step_.version == "1.0" ||
           (connection && *connection == "close");
  }

  bool closeEach() {
    load_.keepAlive = false;
    load_.pipeline = 1;
    load_.requestsPerConnection = 0;
    step_.keepAlive.reset();
    step_.newConnection = false;
    dropField(step_, "connection");
    return true;
  }

  bool setConnections(bool many) {
    if (many != (load_.connections == 1)) return false;
    load_.connections = many ? kManyConnections : 1;
    return true;
  }

  bool setPipeline(bool deep) {
    if (deep != (load_.pipeline == 1) || !isPlain() || closes()) return false;
    load_.pipeline = deep ? kManyInFlight : 1;
    return true;
  }

  bool sendOneAtATime() {
    if (load_.pipeline == 1 || load_.connections == 1) return false;
    load_.pipeline = load_.connections = 1;
    return true;
  }

  // Without Connection: close, which a server could treat specially.
  bool endConnections(unsigned requests) {
    if (!isPlain() || step_.version != "1.1" || step_.slowReadMs != 0) return false;
    if (load_.requestsPerConnection == requests) return false;
    stayOpen();
    load_.requestsPerConnection = requests;
    load_.pipeline = std::min(load_.pipeline, requests);
    return true;
  }

  void stayOpen() {
    load_.keepAlive = true;
    load_.requestsPerConnection = 0;
    step_.keepAlive.reset();
    step_.newConnection = false;
    dropField(step_, "connection");
  }

  bool dropFields(const std::vector<std::string>& names) {
    if (step_.raw || names.empty()) return false;
    for (const auto& name : names) dropField(step_, name);
    return true;
  }

  bool keepAlive() {
    if (step_.raw || (!closes() && load_.requestsPerConnection != 1)) return false;
    stayOpen();
    step_.version = "1.1";
    step_.slowReadMs = 0;
    awaitAnything(step_);
    return true;
  }

  bool setVersion(const char* version) {
    if (!isPlain() || step_.version == version) return false;
    step_.version = version;
    return closeEach();
  }

  bool sendWhole() {
    if (!aborts(step_)) return false;
    awaitAnything(step_);
    return closeEach();
  }

  bool sendMalformed() {
    Step malformed;
    malformed.name = step_.name;
    malformed.raw = "this is no request\r\n\r\n";
    if (step_.raw == malformed.raw) return false;
    malformed.abort = AbortPoint::beforeResponse;
    malformed.stallMs = kMalformedStallMs;
    malformed.expect = Expect{};
    step_ = malformed;
    load_.pipeline = 1;
    return true;
  }

  bool leave(Variation variation) {
    if (step_.raw || abortVariation(step_.abort) == variation) return false;
    if (variation == Variation::midBody && step_.body.size() < 2) return false;
    // Without a body the request is whole after its headers: that is beforeResponse.
    if (variation == Variation::afterHeaders && step_.body.empty() && !aborts(step_)) return false;
    load_.pipeline = 1;
    if (variation == Variation::midHeaders) leaveAt(step_, AbortPoint::midHeaders);
    if (variation == Variation::afterHeaders) leaveAt(step_, AbortPoint::afterHeaders);
    if (variation == Variation::midBody) leaveAt(step_, AbortPoint::midBody);
    if (variation == Variation::beforeResponse) leaveAt(step_, AbortPoint::beforeResponse);
    if (variation == Variation::stalled) {
      if (step_.stallMs != 0) return false;
      leaveAt(step_, AbortPoint::midHeaders);
      step_.stallMs = kStallMs;
    }
    return true;
  }

  bool changeContent(Variation variation) {
    if (step_.raw) return false;
    if (variation == Variation::missingPath) {
      step_.path = "/no-such-path-for-leakgate";
      return true;
    }
    if (step_.body.empty() || aborts(step_) || fieldOf(step_, "content-length") != nullptr) return false;
    step_.body.append(kLongerBodyBytes, ' ');
    return true;
  }

  bool changeMethod(Variation variation) {
    const char* method = variation == Variation::get       ? "GET"
                         : variation == Variation::options ? "OPTIONS"
                         : variation == Variation::head    ? "HEAD"
                                                           : "TRACE";
    if (step_.raw || step_.method == method) return false;
    if (variation == Variation::get && (step_.method == "POST" || !step_.body.empty())) return false;
    if (aborts(step_) && variation != Variation::get) return false;
    useMethod(step_, method);
    return true;
  }

  bool setReading(bool slow) {
    if (slow != (step_.slowReadMs == 0)) return false;
    if (slow && (!isPlain() || step_.method == "HEAD")) return false;
    step_.slowReadMs = slow ? kSlowReadMs : 0;
    return slow || closeEach();
  }

  LoadSpec& load_;
  Step& step_;
};

}  // namespace

Scenario onlyStep(const Scenario& scenario, std::size_t step) {
  Scenario alone = scenario;
  alone.steps = {scenario.steps[step]};
  alone.steps[0].weight = 1;
  if (alone.steps[0].expect) alone.steps[0].expect = Expect{};
  alone.budgets.clear();
  checkScenario(alone);
  return alone;
}

std::optional<Scenario> varied(const Scenario& alone, Variation variation) {
  Scenario scenario = alone;
  if (!Change(scenario).apply(variation)) return std::nullopt;
  checkScenario(scenario);
  return scenario;
}

bool closesConnection(const Scenario& scenario, const Step& step) {
  const std::string* connection = fieldOf(step, "connection");
  return aborts(step) || step.slowReadMs != 0 || !step.expect || step.newConnection ||
         !step.keepAlive.value_or(scenario.load.keepAlive) || step.version == "1.0" ||
         (connection != nullptr && *connection == "close");
}

}  // namespace leakgate
