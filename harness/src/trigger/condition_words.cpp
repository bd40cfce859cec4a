#include "trigger/condition_words.hpp"

#include <fmt/core.h>

#include "analysis/finding_kind.hpp"
#include "analysis/growth_words.hpp"

namespace leakgate {

namespace {

std::string loadWords(const TriggerExperiment& e) {
  std::string text = fmt::format("with {} connections", e.concurrency);
  return e.pipeline == 1 ? text : text + fmt::format(", {} in flight on each", e.pipeline);
}

// For connections with more than two requests.
std::string moreWords(const TriggerExperiment& e) {
  return 10 * e.connections < e.requests ? "kept open" : "with more";
}

// The amount that a connection adds to that of its requests.
std::string perConnectionText(const TriggerTable& table, const TriggerCondition& condition) {
  const auto& less = *condition.without;
  const auto& more = *condition.with;
  const auto perRequest = [](std::int64_t count, const TriggerExperiment& e) {
    return static_cast<double>(count) / static_cast<double>(e.requests);
  };
  const double connections = perRequest(static_cast<std::int64_t>(more.connections), more) -
                             perRequest(static_cast<std::int64_t>(less.connections), less);
  const auto slope = [&](std::int64_t ofMore, std::int64_t ofLess) {
    return (perRequest(ofMore, more) - perRequest(ofLess, less)) / connections;
  };
  const Gauge& gauge = table.gauge();
  const auto& courseMore = table.course(more);
  const auto& courseLess = table.course(less);
  return fmt::format("and {} with each connection that is opened ({} over {} connections, {} over {})",
                     amountWords(gauge, slope(courseMore.blockRise(), courseLess.blockRise()),
                                 slope(courseMore.byteRise(), courseLess.byteRise())),
                     amountIn(table, less), less.connections, amountIn(table, more), more.connections);
}

}  // namespace

std::string amountWords(const Gauge& gauge, double blocks, double bytes) {
  std::string text;
  if (!gauge.byBytes) text = fmt::format("{} {}", unitsPerEvent(blocks), traitsOf(gauge.kind).unit);
  if (gauge.byBytes || (traitsOf(gauge.kind).hasBytes && bytes != 0))
    text += (text.empty() ? "" : ", ") + bytesPerEvent(bytes);
  return text;
}

std::string amountIn(const TriggerTable& table, const TriggerExperiment& e) {
  const char* unit = table.gauge().byBytes ? " B" : "";
  return fmt::format("{}{} in {}", table.rise(e) * table.gauge().unit, unit, e.requests);
}

std::string statusWords(const TriggerExperiment& e, const TriggerExperiment& other) {
  if (e.statuses == other.statuses || e.statuses.size() != 1) return "";
  return fmt::format(", status {}", e.statuses.begin()->first);
}

std::string conditionText(const TriggerTable& table, const TriggerCondition& condition) {
  const auto in = [&](const TriggerExperiment* e) { return amountIn(table, *e); };
  const auto* without = condition.without;
  const auto* with = condition.with;
  switch (condition.kind) {
    case ConditionKind::concurrent:
      if (with->pipeline > 1) {
        return fmt::format("only with several connections ({} over one, {} over {})", in(without), in(with),
                           with->concurrency);
      }
      return fmt::format("only when concurrent ({} alone, {} {})", in(without), in(with), loadWords(*with));
    case ConditionKind::pipelined:
      return fmt::format("only when pipelined ({} with one request in flight, {} with {})", in(without),
                         in(with), with->pipeline);
    case ConditionKind::overlapping:
      return fmt::format("only when requests overlap ({} one at a time, {} {})", in(without), in(with),
                         loadWords(*with));
    case ConditionKind::laterRequests:
      return fmt::format(
          "only from the second request of a connection on ({} with one request a connection, "
          "{} with two, {} {})",
          in(without), in(condition.between), in(with), moreWords(*with));
    case ConditionKind::afterSecond:
      return fmt::format(
          "only after the second request of a connection ({} with two requests a connection, "
          "{} {})",
          in(without), in(with), moreWords(*with));
    case ConditionKind::notFirst:
      return fmt::format(
          "not in the first request of a connection ({} with one request a connection, {} with two)",
          in(without), in(with));
    case ConditionKind::secondOnly:
      return fmt::format(
          "not with one request a connection ({}), and no more with later ones ({} over {} connections, {} "
          "over {})",
          in(without), in(condition.between), condition.between->connections, in(with), with->connections);
    case ConditionKind::readSlowly:
    case ConditionKind::moreSlowly:
      return fmt::format("{} when the client reads slowly ({} read at once, {} read slowly)",
                         condition.kind == ConditionKind::readSlowly ? "only" : "more", in(without),
                         in(with));
    case ConditionKind::perConnection:
      return perConnectionText(table, condition);
    case ConditionKind::withField:
      return fmt::format("only with the field {} ({} without it{}, {} with it)", condition.field, in(without),
                         statusWords(*without, *with), in(with));
  }
  return "";
}

std::string withoutItText(const TriggerTable& table, const TriggerCondition& condition) {
  return fmt::format("not without it ({}{})", amountIn(table, *condition.without),
                     statusWords(*condition.without, *condition.with));
}

std::string exceptionManner(const TriggerExperiment& e) {
  switch (e.variation) {
    case Variation::oneConnection:
      return "over one connection";
    case Variation::connectionPerRequest:
      return "with Connection: close";
    case Variation::http10:
      return "as HTTP/1.0";
    case Variation::http11:
      return "as HTTP/1.1";
    case Variation::oneRequest:
      return "with one request a connection";
    case Variation::twoRequests:
      return "with two requests a connection";
    case Variation::withoutField:
      return "without the field " + e.field;
    case Variation::withoutFields:
    case Variation::oneAtATime:
      return std::string(titleOf(e.variation));
    case Variation::keepAlive:
      return "over connections that stay open";
    case Variation::whole:
    case Variation::slowRead:
    case Variation::promptRead:
      return "when " + std::string(titleOf(e.variation));
    default:
      return "with " + std::string(titleOf(e.variation));
  }
}

}  // namespace leakgate
