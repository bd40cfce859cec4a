#include "scenario/check.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "scenario/limits.hpp"
#include "scenario/template_text.hpp"
#include "scenario/write.hpp"

namespace leakgate {
namespace {

// Checks of one scenario; every failure names file and field.
class Checker {
 public:
  explicit Checker(const Scenario& scenario) : scenario_(scenario) {}

  void run() const {
    checkName();
    checkTarget();
    checkLoad();
    checkBudgets();
    if (scenario_.steps.empty()) fail("steps", "none", "at least one step");
    if (scenario_.steps.size() > kMaxSteps) {
      fail("steps", std::to_string(scenario_.steps.size()) + " steps",
           "at most " + std::to_string(kMaxSteps));
    }
    std::set<std::string> names;
    for (std::size_t k = 0; k < scenario_.steps.size(); ++k) {
      const std::string path = "steps[" + std::to_string(k) + "]";
      checkStep(scenario_.steps[k], path);
      if (!names.insert(scenario_.steps[k].name).second) {
        fail(path + ".name", quoted(scenario_.steps[k].name) + " a second time", "a name of its own",
             "rename the step");
      }
    }
  }

 private:
  [[noreturn]] void fail(const std::string& field, const std::string& found, const std::string& expected,
                         const std::string& fix = "") const {
    throw InputError(scenario_.file, field, found, expected, fix);
  }

  static std::string quoted(const std::string& text) { return '"' + text + '"'; }

  static bool isToken(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
      return (c < 0x80 && std::isalnum(c) != 0) ||
             (c != 0 &&
              std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos);
    });
  }

  static bool hasControl(const std::string& text, bool spaceToo) {
    return std::any_of(text.begin(), text.end(), [spaceToo](unsigned char c) {
      return (c < 0x20 && c != '\t') || c == 0x7F || (spaceToo && (c == ' ' || c == '\t'));
    });
  }

  void checkName() const {
    const std::string& name = scenario_.name;
    const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.');
    });
    if (name.empty() || name.size() > kMaxNameLength || !plain || name.front() == '.') {
      fail("name", quoted(name), "letters, digits, _, - and . (the report is a file of that name)",
           "rename it");
    }
  }

  void checkTarget() const {
    const TargetSpec& target = scenario_.target;
    if (target.command.empty() || target.command.front().empty()) {
      fail("target.command", "no program", "the program and its arguments");
    }
    if (target.command.size() > kMaxArguments) {
      fail("target.command", std::to_string(target.command.size()) + " arguments",
           "at most " + std::to_string(kMaxArguments));
    }
    bool port = false;
    for (const auto& argument : target.command) port = port || argument.find("{port}") != std::string::npos;
    for (const auto& [name, value] : target.env) {
      port = port || value.find("{port}") != std::string::npos;
      checkVariable(name);
    }
    if (!port) {
      fail("target.command", "no {port}", "the place where the server gets its port",
           R"(add for example "--port", "{port}")");
    }
    checkOrigin("target.ready", target.ready);
    checkOrigin("target.metrics", target.metrics);
  }

  void checkVariable(const std::string& name) const {
    const std::string field = "target.env." + name;
    if (name.empty() || name.find('=') != std::string::npos)
      fail(field, quoted(name), "a variable's name without =");
    if (name.starts_with("LEAKGATE_"))
      fail(field, quoted(name), "another name", "leakgate sets LEAKGATE_* itself");
  }

  void checkOrigin(const std::string& field, const std::string& path) const {
    if (path.empty()) return;
    if (path.front() != '/' || hasControl(path, true)) {
      fail(field, quoted(path), "a path that begins with / and has no blanks",
           R"(write for example "/health")");
    }
  }

  void checkLoad() const {
    const LoadSpec& load = scenario_.load;
    const std::uint64_t requests = load.requests;
    if (requests < kBlockUnits || requests > kMaxRequests || requests % kBlockUnits != 0) {
      const std::uint64_t clamped = std::clamp(requests, kBlockUnits, kMaxRequests);
      const std::uint64_t nearest = (clamped + kBlockUnits / 2) / kBlockUnits * kBlockUnits;
      fail("load.requests", std::to_string(requests),
           "a multiple of 8 from 8 to " + std::to_string(kMaxRequests),
           "the nearest is " + std::to_string(nearest) + "; the blocks are 1, 1, 2 and 4 eighths of it");
    }
    if (load.warmup > kMaxRequests)
      fail("load.warmup", std::to_string(load.warmup), "at most " + std::to_string(kMaxRequests));
    if (load.pipeline > 1 && !load.keepAlive) {
      fail("load.pipeline", std::to_string(load.pipeline), "1 when keep_alive is false",
           "set keep_alive to true");
    }
    if (load.requestsPerConnection > 1 && !load.keepAlive) {
      fail("load.requests_per_connection", std::to_string(load.requestsPerConnection),
           "none when keep_alive is false", "set keep_alive to true");
    }
  }

  void checkBudgets() const {
    for (const auto& [metric, budget] : scenario_.budgets) {
      const std::string field = "budgets." + metric;
      if (metric.empty()) fail(field, "an empty name", "a metric's name");
      if (!budget.min && !budget.max) fail(field, "neither min nor max", "at least one of them");
      if (budget.min && budget.max && *budget.min > *budget.max)
        fail(field, "min above max", "min not above max");
    }
  }

  // Compiles a template to find its errors; returns the largest size it can have.
  void checkTemplate(const std::string& field, const std::string& text) const {
    try {
      const std::size_t size = TextTemplate::compile(text).maxSize();
      if (size > kMaxBodyBytes)
        fail(field, std::to_string(size) + " bytes", "at most " + std::to_string(kMaxBodyBytes));
    } catch (const std::invalid_argument& error) {
      fail(field, "a template out of range", error.what(),
           "correct the number, or write {{...}} for the text itself");
    }
  }

  void checkStep(const Step& step, const std::string& path) const {
    if (step.name.empty() || step.name.size() > kMaxNameLength || hasControl(step.name, false)) {
      fail(path + ".name", quoted(step.name), "1 to " + std::to_string(kMaxNameLength) + " characters");
    }
    if (scenario_.load.order == StepOrder::sequence && step.weight != 1) {
      fail(path + ".weight", std::to_string(step.weight), "no weight in a sequence",
           R"(remove it, or set load.order to "weighted")");
    }
    if (step.raw)
      checkRaw(step, path);
    else
      checkRequest(step, path);
    checkAbort(step, path);
    checkConnection(step, path);
    if (step.expect && step.expect->body) checkTemplate(path + ".expect.body", *step.expect->body);
  }

  void checkRaw(const Step& step, const std::string& path) const {
    if (step.raw->empty()) fail(path + ".raw", "nothing", "the bytes to send");
    checkTemplate(path + ".raw", *step.raw);
    if (step.abort != AbortPoint::none && step.abort != AbortPoint::beforeResponse) {
      fail(path + ".abort", "a point inside of the request", R"("before_response" with raw)",
           "shorten raw to what shall be sent");
    }
  }

  void checkRequest(const Step& step, const std::string& path) const {
    if (!isToken(step.method))
      fail(path + ".method", quoted(step.method), "a method such as GET", "use raw for bad ones");
    if (step.path.empty() || hasControl(step.path, true)) {
      fail(path + ".path", quoted(step.path), "a target without blanks and control characters",
           "use raw for bad ones");
    }
    if (step.version != "1.0" && step.version != "1.1") {
      fail(path + ".version", quoted(step.version), R"("1.0" or "1.1")", "use raw for others");
    }
    if (step.headers.size() > kMaxHeaders) {
      fail(path + ".headers", std::to_string(step.headers.size()), "at most " + std::to_string(kMaxHeaders));
    }
    checkTemplate(path + ".path", step.path);
    checkTemplate(path + ".body", step.body);
    for (const auto& [name, value] : step.headers) {
      const std::string field = path + ".headers." + name;
      if (!isToken(name)) fail(field, quoted(name), "a field name", "use raw for bad ones");
      if (hasControl(value, false))
        fail(field, "a control character", "text without them", "use raw for bad ones");
      checkTemplate(field, value);
    }
  }

  void checkAbort(const Step& step, const std::string& path) const {
    const bool aborts = step.abort != AbortPoint::none;
    if (step.stallMs != 0 && !aborts) {
      fail(path + ".stall_ms", std::to_string(step.stallMs), "it with abort only",
           R"(add for example "abort": "mid_headers")");
    }
    if (step.slowReadMs != 0 && (aborts || !step.expect)) {
      fail(path + ".slow_read_ms", std::to_string(step.slowReadMs), "it in a step that awaits its response",
           "remove abort and \"expect\": null, or slow_read_ms");
    }
    if (step.abort == AbortPoint::midBody && step.body.size() < 2) {
      fail(path + ".abort", "mid_body without a body of two bytes", "a body to leave in the middle of",
           "add a body");
    }
    if (aborts && step.expect && step.stallMs == 0) {
      fail(path + ".expect", "an expected response", "none, since the client leaves before it",
           "remove expect, or add stall_ms to wait for a response that long");
    }
  }

  void checkConnection(const Step& step, const std::string& path) const {
    if (!step.keepAlive) return;
    const bool closes = step.raw || step.abort != AbortPoint::none || !step.expect;
    if (closes) {
      fail(path + ".keep_alive", *step.keepAlive ? "true" : "false",
           "it in a whole request that awaits its response", "remove it");
    }
  }

  const Scenario& scenario_;
};

}  // namespace

void checkScenario(Scenario& scenario) {
  Checker(scenario).run();
  scenario.hash = scenarioHash(scenario);
}

}  // namespace leakgate
