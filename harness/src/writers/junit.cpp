#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "report/finding_text.hpp"
#include "report/run_text.hpp"
#include "session/red_reasons.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"

namespace leakgate {

namespace {

using pugi::xml_node;

void attribute(xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(value.c_str());
}

std::string secondsText(double seconds) { return fmt::format("{:.3f}", seconds); }

bool isError(const GateResult& result) {
  return result.outcome == Outcome::badInput || result.outcome == Outcome::cannotMeasure;
}

bool isFailure(const GateResult& result) { return result.outcome == Outcome::fail; }

// Ant's schema wants a time without a zone.
std::string startOf(const std::vector<GateResult>& results) {
  constexpr std::size_t kToSeconds = std::string_view("2026-11-30T12:00:00").size();
  for (const auto& result : results)
    if (result.report && result.report->startedAt.size() >= kToSeconds)
      return result.report->startedAt.substr(0, kToSeconds);
  return "1970-01-01T00:00:00";
}

// "what", place, fingerprint and command of each reason, then the verdict as on the screen.
std::string explanationOf(const GateResult& result, const std::vector<RedReason>& reasons) {
  std::string text;
  for (const auto& reason : reasons) {
    text += foreignLine(reason.what, kMaxMessageBytes) + "\n";
    if (!reason.place.empty()) text += "  place        " + foreignLine(reason.place) + "\n";
    text += "  fingerprint  " + reason.fingerprint + "\n";
    text += "  reproduce    " + foreignLine(reason.reproduce, kMaxMessageBytes) + "\n";
  }
  if (result.report) text += "\n" + foreignText(verdictText(*result.report, "  "));
  return text;
}

void addProblem(xml_node test, const GateResult& result, const std::string& command) {
  const auto reasons = redReasons({result}, command);
  xml_node problem = test.append_child(isError(result) ? "error" : "failure");
  const bool told = !reasons.empty();
  attribute(problem, "message",
            told ? foreignLine(reasons.front().what) : std::string(toString(result.outcome)));
  attribute(problem, "type", std::string(told ? toString(reasons.front().kind) : toString(result.outcome)));
  problem.text().set(explanationOf(result, reasons).c_str());
}

// Readers count two cases of one name as one.
std::string uniqueName(const std::string& name, std::map<std::string, unsigned>& used) {
  const unsigned count = ++used[name];
  return count == 1 ? name : fmt::format("{} ({})", name, count);
}

void addSuite(xml_node root, const WriterInput& input) {
  const auto& results = input.results;
  xml_node suite = root.append_child("testsuite");
  attribute(suite, "name", "leakgate");
  attribute(suite, "package", "leakgate");
  attribute(suite, "id", "0");
  attribute(suite, "timestamp", startOf(results));
  attribute(suite, "hostname", "localhost");
  attribute(suite, "tests", std::to_string(results.size()));
  attribute(suite, "failures", std::to_string(std::ranges::count_if(results, isFailure)));
  attribute(suite, "errors", std::to_string(std::ranges::count_if(results, isError)));
  attribute(suite, "time", secondsText(input.seconds));
  xml_node property =
      suite.append_child("properties").append_child("property");  // Jenkins's schema wants one at least
  attribute(property, "name", "leakgate.exit_code");
  attribute(property, "value", std::to_string(exitCodeOf(worstOf(results))));
  std::map<std::string, unsigned> used;
  for (const auto& result : results) {
    xml_node test = suite.append_child("testcase");
    attribute(test, "classname", "leakgate");
    attribute(test, "name", uniqueName(foreignLine(result.name), used));
    attribute(test, "time", secondsText(result.seconds));
    if (exitCodeOf(result.outcome) != 0) addProblem(test, result, input.command);
  }
  suite.append_child("system-out").text().set(foreignLine(input.command, kMaxMessageBytes).c_str());
  suite.append_child("system-err");
}

}  // namespace

std::string junitXml(const WriterInput& input) {
  pugi::xml_document document;
  xml_node declaration = document.append_child(pugi::node_declaration);
  attribute(declaration, "version", "1.0");
  attribute(declaration, "encoding", "UTF-8");
  addSuite(document.append_child("testsuites"), input);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace leakgate
