#include "trigger/minimize.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "scenario/check.hpp"
#include "scenario/template_text.hpp"
#include "trigger/delta_debugging.hpp"
#include "trigger/variation.hpp"
#include "trigger/varied_step.hpp"

namespace leakgate {

namespace {

constexpr double kKept = 0.99;         // of an exact slope
constexpr double kKeptByChance = 0.5;  // of a random one
constexpr double kSame = 0.01;
constexpr std::size_t kMaxLiteralBytes = 4'096;

// Splits into UTF-8 characters and whole placeholders: a body is cut only between them.
std::vector<std::string> piecesOf(std::string_view text) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const auto end = text.front() == '{' ? text.find('}') : std::string_view::npos;
    std::size_t length = 1;
    if (end != std::string_view::npos && TextTemplate::isPlaceholder(text.substr(1, end - 1))) {
      length = end + 1;
    } else {
      while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
    }
    pieces.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return pieces;
}

std::string joined(const std::vector<std::string>& pieces, const char* separator = "") {
  std::string text;
  for (std::size_t k = 0; k < pieces.size(); ++k) text += (k == 0 ? "" : separator) + pieces[k];
  return text;
}

std::vector<std::string> splitAt(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// The text as rendered for request 0; unchanged if that is long.
std::string literal(const std::string& text) {
  const auto compiled = TextTemplate::compile(text);
  if (compiled.maxSize() > kMaxLiteralBytes) return text;
  std::string rendered;
  compiled.append({}, rendered);
  return escapeTemplate(rendered);
}

class Minimizer {
 public:
  Minimizer(const Scenario& whole, bool byBytes, const SlopeOracle& oracle, const RunAllowance& allowed)
      : byBytes_(byBytes), oracle_(oracle), allowed_(allowed) {
    best_.scenario = whole;
    best_.scenario.budgets.clear();
    for (Step& step : best_.scenario.steps) {
      if (step.expect) step.expect = Expect{};
    }
    checkScenario(best_.scenario);
  }

  std::optional<MinimalScenario> run() {
    const auto start = measure(best_.scenario);
    if (!start || !start->rises) return std::nullopt;
    best_.slope = *start;
    simplifyLoad();
    reduceSteps();
    for (std::size_t k = 0; k < best_.scenario.steps.size(); ++k) simplifyStep(k);
    best_.requestsByHand = findRequestsByHand();
    return best_;
  }

 private:
  std::optional<MeasuredSlope> measure(const Scenario& candidate) {
    if (!allowed_(best_.runs)) {
      best_.exhausted = true;
      return std::nullopt;
    }
    ++best_.runs;
    return oracle_(candidate);
  }

  double unitsOf(const MeasuredSlope& slope) const { return byBytes_ ? slope.bytes : slope.blocks; }

  // For changes of the steps and of how they are sent: a smaller mix may leak more per request, not less.
  bool keepsSlope(const MeasuredSlope& slope) const {
    if (best_.slope.exact) return slope.exact && unitsOf(slope) >= kKept * unitsOf(best_.slope);
    return unitsOf(slope) >= kKeptByChance * unitsOf(best_.slope);
  }

  // For changes of a request's content: the same number of blocks, of any size.
  bool keepsBlocks(const MeasuredSlope& slope) const {
    if (byBytes_ || !best_.slope.exact) return byBytes_ ? slope.exact : keepsSlope(slope);
    return slope.exact && std::abs(slope.blocks - best_.slope.blocks) <= kSame * best_.slope.blocks;
  }

  using Rule = bool (Minimizer::*)(const MeasuredSlope&) const;

  bool take(Scenario candidate, Rule keeps) {
    try {
      checkScenario(candidate);
    } catch (const InputError&) {
      return false;  // for example an abort in the middle of a body that was removed
    }
    if (candidate.hash == best_.scenario.hash) return true;
    const auto slope = measure(candidate);
    if (!slope || !slope->rises || !(this->*keeps)(*slope)) return false;
    best_.scenario = std::move(candidate);
    best_.slope = *slope;
    return true;
  }

  template <class Change>
  bool attempt(Rule keeps, Change change) {
    Scenario candidate = best_.scenario;
    change(candidate);
    return take(std::move(candidate), keeps);
  }

  void simplifyLoad() {
    attempt(&Minimizer::keepsSlope, [](Scenario& s) { s.load.connections = s.load.pipeline = 1; });
    attempt(&Minimizer::keepsSlope, [](Scenario& s) { s.load.pipeline = 1; });
    attempt(&Minimizer::keepsSlope, [](Scenario& s) {
      s.load.keepAlive = true;
      s.load.requestsPerConnection = 0;
    });
  }

  void reduceSteps() {
    const Scenario before = best_.scenario;
    if (before.steps.size() == 1) return;
    ddmin(before.steps, [&](const std::vector<Step>& steps) {
      if (steps.empty()) return false;
      return attempt(&Minimizer::keepsSlope, [&](Scenario& s) { s.steps = steps; });
    });
    attempt(&Minimizer::keepsSlope, [](Scenario& s) {
      for (Step& step : s.steps) step.weight = 1;
    });
  }

  void simplifyStep(std::size_t k) {
    const auto change = [&](auto apply) {
      return attempt(&Minimizer::keepsBlocks, [&](Scenario& s) { apply(s.steps[k]); });
    };
    if (best_.scenario.steps[k].raw) return reduceRaw(k);
    change([](Step& step) { step.version = "1.1"; });
    change([](Step& step) { step.slowReadMs = 0; });
    change([](Step& step) {
      step.keepAlive.reset();
      step.newConnection = false;
    });
    change([](Step& step) {
      step.path = literal(step.path);
      step.body = literal(step.body);
      for (auto& field : step.headers) field.second = literal(field.second);
    });
    ddmin(best_.scenario.steps[k].headers,
          [&](const auto& headers) { return change([&](Step& step) { step.headers = headers; }); });
    reduceQuery(k);
    ddmin(piecesOf(best_.scenario.steps[k].body), [&](const std::vector<std::string>& pieces) {
      return change([&](Step& step) { step.body = joined(pieces); });
    });
    if (best_.scenario.steps[k].body.empty()) change([](Step& step) { step.method = "GET"; });
  }

  // On persistent connections the first request may behave differently from later ones.
  unsigned findRequestsByHand() {
    const LoadSpec& load = best_.scenario.load;
    if (best_.scenario.steps.size() != 1 || load.connections != 1 || load.pipeline != 1) return 0;
    if (closesConnection(best_.scenario, best_.scenario.steps[0])) return 1;
    for (unsigned requests = 1; requests <= kMaxRequestsByHand; ++requests) {
      if (load.requestsPerConnection == requests || growsOver(requests)) return requests;
    }
    return 0;
  }

  // Whether each connection adds its share: that of all its requests when one is enough, else at least that
  // of one.
  bool growsOver(unsigned requests) {
    Scenario candidate = best_.scenario;
    candidate.load.requestsPerConnection = requests;
    checkScenario(candidate);
    const auto slope = measure(candidate);
    if (!slope || !slope->rises) return false;
    if (requests == 1) return keepsSlope(*slope);
    return unitsOf(*slope) >= kKeptByChance * unitsOf(best_.slope) / requests;
  }

  void reduceQuery(std::size_t k) {
    const std::string path = best_.scenario.steps[k].path;
    const auto mark = path.find('?');
    if (mark == std::string::npos) return;
    ddmin(splitAt(std::string_view(path).substr(mark + 1), '&'), [&](const std::vector<std::string>& query) {
      return attempt(&Minimizer::keepsBlocks, [&](Scenario& s) {
        s.steps[k].path = path.substr(0, mark) + (query.empty() ? "" : "?" + joined(query, "&"));
      });
    });
  }

  void reduceRaw(std::size_t k) {
    ddmin(piecesOf(*best_.scenario.steps[k].raw), [&](const std::vector<std::string>& pieces) {
      if (pieces.empty()) return false;
      return attempt(&Minimizer::keepsBlocks, [&](Scenario& s) { s.steps[k].raw = joined(pieces); });
    });
  }

  const bool byBytes_;
  const SlopeOracle& oracle_;
  const RunAllowance& allowed_;
  MinimalScenario best_;
};

}  // namespace

std::optional<MinimalScenario> minimize(const Scenario& whole, bool byBytes, const SlopeOracle& oracle,
                                        const RunAllowance& allowed) {
  return Minimizer(whole, byBytes, oracle, allowed).run();
}

}  // namespace leakgate
