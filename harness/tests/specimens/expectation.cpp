#include "expectation.hpp"

#include <fmt/core.h>

#include <algorithm>

using nlohmann::json;

namespace {

bool includesAll(const json& whole, const json& part) {
  return std::ranges::all_of(part, [&](const json& element) {
    return std::ranges::any_of(whole, [&](const json& candidate) { return includes(candidate, element); });
  });
}

std::string textAt(const json& object, const json::json_pointer& at) {
  return object.contains(at) && object.at(at).is_string() ? object.at(at).get<std::string>() : "";
}

}  // namespace

bool includes(const json& whole, const json& part) {
  if (part.is_array()) return whole.is_array() && includesAll(whole, part);
  if (!part.is_object()) return whole == part;
  return std::ranges::all_of(part.items(), [&](const auto& field) {
    return whole.contains(field.key()) && includes(whole.at(field.key()), field.value());
  });
}

std::vector<json> findingsOf(const json& report) {
  std::vector<json> findings = report.at("findings");
  const json trigger = report.value("trigger", json());
  const json conclusions = trigger.is_object() ? trigger.at("conclusions") : json::array();
  for (const json& conclusion : conclusions) {
    findings.at(conclusion.at("finding").get<std::size_t>())["trigger"] = conclusion;
  }
  return findings;
}

std::vector<std::string> differences(const std::vector<json>& wanted, const std::vector<json>& found) {
  std::vector<std::string> texts;
  for (const json& finding : wanted) {
    const auto matches = std::ranges::count_if(found, [&](const json& f) { return includes(f, finding); });
    if (matches != 1) {
      texts.push_back(fmt::format("{}: {}", matches == 0 ? "missed" : "said more than once", finding.dump()));
    }
  }
  for (const json& finding : found) {
    if (std::ranges::none_of(wanted, [&](const json& w) { return includes(finding, w); })) {
      texts.push_back("not expected: " + summaryOf(finding));
    }
  }
  return texts;
}

std::string summaryOf(const json& finding) {
  const std::string function = textAt(finding, "/place/function"_json_pointer);
  const std::string module = textAt(finding, "/place/module"_json_pointer);
  const std::string step = finding.value("step", "");
  return fmt::format("{} {}, {}, {:+.6g}, {:+.6g} B per {}{}", finding.value("pattern", ""),
                     finding.value("kind", ""), function.empty() ? module : function,
                     finding.value("blocks_per_event", 0.0), finding.value("bytes_per_event", 0.0),
                     finding.value("follows", ""), step.empty() ? "" : " of " + step);
}
