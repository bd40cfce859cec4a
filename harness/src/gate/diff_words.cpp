#include "gate/diff_words.hpp"

#include <fmt/core.h>

#include <cmath>

#include "report/finding_text.hpp"

namespace leakgate {

namespace {

using Fate = FindingChange::Fate;

std::string placeName(const Place& place) {
  std::string name = !place.function.empty() ? place.function : place.module;
  if (!place.scope.empty()) name += " in scope " + place.scope;
  if (!place.file.empty()) name += fmt::format("  {}:{}", place.file, place.line);
  return name;
}

}  // namespace

std::string difference(const MetricChange& change) {
  if (change.before.value == 0) return change.after.value == 0 ? "" : "from 0";
  return fmt::format("{:+.1f} %",
                     100 * (change.after.value - change.before.value) / std::abs(change.before.value));
}

MetricKind kindOf(const MetricChange& change) {
  return change.before.kind == MetricKind::spread ? MetricKind::spread : change.after.kind;
}

std::vector<const MetricChange*> judgedChanges(const Comparison& comparison) {
  std::vector<const MetricChange*> changes;
  for (const Change wanted : {Change::worse, Change::better})
    for (const auto& change : comparison.metrics)
      if (change.change == wanted && kindOf(change) != MetricKind::sampled) changes.push_back(&change);
  return changes;
}

std::vector<const MetricChange*> shownChanges(const Comparison& comparison) {
  std::vector<const MetricChange*> changes;
  for (const auto& change : comparison.metrics) {
    const bool differs = change.change == Change::worse || change.change == Change::better;
    if (differs && kindOf(change) == MetricKind::sampled) changes.push_back(&change);
  }
  return changes;
}

std::string_view fateWord(Fate fate) {
  switch (fate) {
    case Fate::added:
      return "new";
    case Fate::grew:
      return "grew";
    case Fate::shrank:
      return "shrank";
    case Fate::gone:
      return "gone";
    case Fate::same:
      break;
  }
  return "same";
}

std::string_view changeWord(const FindingChange& change) {
  return change.fate == Fate::same ? "renamed" : fateWord(change.fate);
}

std::string earlierText(const FindingChange& change) {
  if (change.after == nullptr || change.text.empty()) return "";
  const std::string alike =
      change.similarity < 1 ? fmt::format("; the stacks are {:.0f} % alike", 100 * change.similarity) : "";
  return "was " + change.text + alike;
}

bool isWorthALine(const FindingChange& change) { return change.fate != Fate::same || change.similarity < 1; }

std::string lineOf(const FindingChange& change) {
  return change.after == nullptr ? change.text : findingLine(*change.after);
}

std::string placeText(const PlaceChange& change) {
  const bool isNew = change.before.blocks == 0;
  const bool isGone = change.after.blocks == 0;
  std::string text = placeName(isGone ? change.before.place : change.after.place);
  if (isNew) return text + " (new)";
  if (isGone) return text + " (gone)";
  if (change.before.place.function != change.after.place.function)
    text += fmt::format(" (was {}, {:.0f} % alike)", change.before.place.function, 100 * change.similarity);
  return text;
}

std::string headline(const ReportDiff& diff, const std::string& scenario) {
  return scenario + (diff.regressed() ? ": worse than before" : ": no regression");
}

}  // namespace leakgate
