#include "trigger/sentence.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "analysis/finding_kind.hpp"
#include "analysis/growth_words.hpp"
#include "trigger/condition_words.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxStepsNamed = 8;

std::string stepsWords(const Scenario& scenario, const std::vector<std::size_t>& steps) {
  if (steps.empty()) return "";
  std::string names;
  for (std::size_t k = 0; k < std::min(steps.size(), kMaxStepsNamed); ++k) {
    names += (k == 0 ? "" : ", ") + scenario.steps[steps[k]].name;
  }
  if (steps.size() > kMaxStepsNamed) names += fmt::format(" and {} more", steps.size() - kMaxStepsNamed);
  return (steps.size() == 1 ? " of step " : " of steps ") + names;
}

std::string eventNoun(const TriggerInference& inference) {
  switch (inference.event) {
    case TriggerEvent::none:
      return "";
    case TriggerEvent::anyRequest:
      return "request, whatever it asks for";
    case TriggerEvent::everyStep:
      return "request of every step";
    case TriggerEvent::steps:
      return "request";
    case TriggerEvent::connection:
      return "connection" + (inference.title.empty() ? "" : " (" + inference.title + ")");
    case TriggerEvent::secondRequest:
      return "second request of a connection";
    case TriggerEvent::closing:
      return "request with Connection: close";
    case TriggerEvent::thread:
      return "thread";
    case TriggerEvent::abort:
      return "abort " + inference.title;
    case TriggerEvent::http10:
      return "HTTP/1.0 request";
    case TriggerEvent::status:
      return inference.title + " response";
    case TriggerEvent::malformed:
      return "malformed request";
    case TriggerEvent::method:
      return inference.title + " request";
    case TriggerEvent::field:
      return "request with the field " + inference.title;
    case TriggerEvent::stepsTogether:
      return "request of the steps together";
  }
  return "";
}

bool agreesWith(const Finding& mixed, const Scenario& scenario, const TriggerInference& inference) {
  if (mixed.follows != inference.follows) return false;
  if (mixed.step.empty() || inference.subject == nullptr) return true;
  return mixed.step.find(scenario.steps[inference.subject->step].name) != std::string::npos;
}

std::string mixedWords(const Finding& mixed, bool agrees) {
  if (mixed.follows == Follows::unknown) return "the mixed run could not tell";
  const std::string said =
      std::string(toString(mixed.follows)) + (mixed.step.empty() ? "" : " of step " + mixed.step);
  return (agrees ? "the mixed run agrees: " : "the mixed run showed only: ") + said;
}

std::string togetherWords(const TriggerTable& table, const TriggerInference& inference) {
  if (inference.evidence == nullptr) return "";
  const bool grows = table.rise(*inference.evidence) > 0;
  return fmt::format("; all steps together {} ({} requests)", grows ? "bring it" : "do not bring it",
                     amountIn(table, *inference.evidence));
}

// Explains why there is no event, or only that of the mix.
std::string withoutStepWords(const Scenario& scenario, const TriggerTable& table,
                             const TriggerInference& inference) {
  const double rate = table.gauge().perRequest;
  const std::string tried =
      fmt::format("{}{}", inference.stepsTried < scenario.steps.size() ? "tried " : "", "alone");
  switch (inference.cameBack) {
    case CameBack::mixed:
      return fmt::format("it grows only when the steps are mixed: none of the {} {} brings it",
                         inference.stepsTried, tried);
    case CameBack::uneven:
      return fmt::format(
          "it came back unevenly, so that short experiments cannot tell: {} requests of step {}, "
          "but not in each block",
          amountIn(table, *inference.evidence), scenario.steps[inference.evidence->step].name);
    case CameBack::no:
      return fmt::format(
          "it did not come back in {} requests of the steps alone, where the mixed run had {:.3g}{} "
          "in so many",
          inference.events,
          rate * static_cast<double>(inference.events) * static_cast<double>(table.gauge().unit),
          table.gauge().byBytes ? " B" : "");
    case CameBack::tooFew:
      return fmt::format("too rare for short experiments: one in {:.0f} requests", rate > 0 ? 1 / rate : 0);
    case CameBack::unasked:
    case CameBack::alone:
      break;
  }
  const std::string together = togetherWords(table, inference);
  if (inference.stepsTried > 0) {
    return fmt::format(
        "short experiments cannot tell: of {} steps only {} could be run alone, and none of them brings it{}",
        scenario.steps.size(), inference.stepsTried, together);
  }
  return together.empty() ? "no experiment could be run" : "no step could be run alone" + together;
}

// "+1.000 to +3.000 blocks", or one amount when both read the same.
std::string rangeWords(std::vector<double> amounts, std::string (*write)(double), std::string_view unit) {
  const auto [least, most] = std::minmax_element(amounts.begin(), amounts.end());
  const std::string from = write(*least), to = write(*most);
  return (from == to ? to : from + " to " + to) + std::string(unit);
}

struct StepAmounts {
  std::vector<std::string> names;
  std::vector<double> blocks;  ///< per request
  std::vector<double> bytes;
};

StepAmounts amountsOf(const Scenario& scenario, const TriggerTable& table,
                      const TriggerInference& inference) {
  StepAmounts amounts;
  for (const auto* e : inference.amounts) {
    const auto requests = static_cast<double>(e->requests);
    amounts.names.push_back(scenario.steps[e->step].name);
    amounts.blocks.push_back(static_cast<double>(table.course(*e).blockRise()) / requests);
    amounts.bytes.push_back(static_cast<double>(table.course(*e).byteRise()) / requests);
  }
  return amounts;
}

// The range of the steps' amounts, then each step's own.
std::string stepAmountWords(const Gauge& gauge, const StepAmounts& amounts, std::string& each) {
  const bool hasBytes = gauge.byBytes || traitsOf(gauge.kind).hasBytes;
  std::string text;
  if (!gauge.byBytes) {
    text = rangeWords(amounts.blocks, unitsPerEvent, " " + std::string(traitsOf(gauge.kind).unit));
  }
  if (hasBytes) text += (text.empty() ? "" : ", ") + rangeWords(amounts.bytes, bytesPerEvent, "");
  const auto [least, most] = std::minmax_element(amounts.blocks.begin(), amounts.blocks.end());
  const bool byBytes = gauge.byBytes || unitsPerEvent(*least) == unitsPerEvent(*most);
  for (std::size_t k = 0; k < std::min(amounts.names.size(), kMaxStepsNamed); ++k) {
    each += (k == 0 ? "" : ", ") + amounts.names[k] + " " +
            (byBytes ? bytesPerEvent(amounts.bytes[k]) : unitsPerEvent(amounts.blocks[k]));
  }
  return text;
}

std::string sentence(const Scenario& scenario, const Finding& mixed, const TriggerTable& table,
                     const TriggerInference& inference, const TriggerConclusion& conclusion) {
  std::string amount = amountWords(table.gauge(), conclusion.blocksPerEvent, conclusion.bytesPerEvent);
  std::string each;
  if (!inference.amounts.empty()) {
    amount = stepAmountWords(table.gauge(), amountsOf(scenario, table, inference), each);
    each += "; ";
  }
  std::string text = fmt::format("per {}: {} ({}{} of them{})", conclusion.event, amount, each,
                                 conclusion.events, conclusion.exact ? ", exact" : "");
  if (!conclusion.condition.empty()) text += ", " + conclusion.condition;
  if (conclusion.bytesPerBodyByte > 0) {
    text += fmt::format(", {:+.3g} B per byte of body", conclusion.bytesPerBodyByte);
  }
  return text + "; " + mixedWords(mixed, conclusion.agrees);
}

}  // namespace

std::string eventWords(const Scenario& scenario, const TriggerInference& inference) {
  return eventNoun(inference) + stepsWords(scenario, inference.steps);
}

std::string conditionWords(const TriggerTable& table, const TriggerInference& inference) {
  std::string text;
  const auto append = [&](const std::string& words) { text += (text.empty() ? "" : ", ") + words; };
  for (const auto& condition : inference.conditions) {
    const bool named = inference.event == TriggerEvent::field && condition.field == inference.title;
    append(named ? withoutItText(table, condition) : conditionText(table, condition));
  }
  for (const auto* e : inference.exceptions) {
    append(fmt::format("not {} ({}{})", exceptionManner(*e), amountIn(table, *e),
                       statusWords(*e, *inference.subject)));
  }
  for (const auto* e : inference.deviations) {
    const bool more = table.rate(*e) > table.rate(*inference.subject);
    append(fmt::format("{} {} ({})", more ? "more" : "less", exceptionManner(*e), amountIn(table, *e)));
  }
  return text;
}

TriggerConclusion conclude(const Scenario& scenario, const Finding& mixed,
                           const std::vector<TriggerExperiment>& experiments, std::size_t gauge,
                           const Gauge& of) {
  const TriggerTable table(experiments, gauge, of);
  const TriggerInference inference = infer(scenario, table);
  TriggerConclusion conclusion;
  conclusion.follows = inference.follows;
  conclusion.event = eventWords(scenario, inference);
  conclusion.condition = conditionWords(table, inference);
  conclusion.blocksPerEvent = inference.blocksPerEvent;
  conclusion.bytesPerEvent = inference.bytesPerEvent;
  conclusion.events = inference.cameBack == CameBack::no ? 0 : inference.events;
  conclusion.exact = inference.exact;
  conclusion.bytesPerBodyByte = inference.bytesPerBodyByte;
  if (inference.cameBack != CameBack::alone) {
    conclusion.text = withoutStepWords(scenario, table, inference);
    return conclusion;
  }
  conclusion.agrees = agreesWith(mixed, scenario, inference);
  conclusion.text = sentence(scenario, mixed, table, inference, conclusion);
  return conclusion;
}

TriggerConclusion notAsked(const std::string& reason) {
  TriggerConclusion conclusion;
  conclusion.text = "not asked: " + reason;
  return conclusion;
}

}  // namespace leakgate
