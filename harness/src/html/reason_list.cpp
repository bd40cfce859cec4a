#include "html/reason_list.hpp"

#include "html/finding_article.hpp"
#include "report/finding_text.hpp"

namespace leakgate {

namespace {

void addFailure(Markup& markup, const Report& report, const Reason& failure, const PageContext& context) {
  const auto item = markup.open("li");
  const NamedFinding* finding = findingOf(report, failure);
  if (finding == nullptr) {
    markup.text(failure.text);
    return;
  }
  const auto number = static_cast<std::size_t>(finding - report.findings.data());
  markup.element("a", findingHeadline(*finding), {{"href", "#" + findingId(context, number)}});
  const Place& place = finding->place;
  if (!place.file.empty()) {
    markup.empty("br");
    markup.element("code", place.file + ":" + std::to_string(place.line), {{"class", "muted"}});
  }
  if (!report.trigger) return;
  const TriggerResult* result = resultOf(*report.trigger, number);
  if (result == nullptr) return;
  markup.empty("br");
  markup.text("Trigger: " + result->conclusion.text);
}

}  // namespace

void addReasons(Markup& markup, const Report& report, const PageContext& context) {
  const Verdict& verdict = report.verdict;
  if (!verdict.failures.empty()) {
    const auto list = markup.open("ol", {{"class", "reasons"}});
    for (const Reason& failure : verdict.failures) addFailure(markup, report, failure, context);
  }
  if (verdict.suspects.empty() && verdict.notes.empty()) return;
  const auto list = markup.open("ul", {{"class", "muted"}});
  for (const Reason& suspect : verdict.suspects)
    markup.element("li", "Suspect, not repeated since the run fails anyway: " + suspect.text);
  for (const auto& note : verdict.notes) markup.element("li", "Note: " + note);
}

}  // namespace leakgate
