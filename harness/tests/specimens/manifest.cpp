#include "manifest.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

using nlohmann::json;

namespace {

void requireKnown(const json& object, const std::set<std::string>& known) {
  for (const auto& [field, value] : object.items()) {
    if (!known.contains(field)) throw std::runtime_error("unknown field \"" + field + "\"");
  }
}

Specimen toSpecimen(const json& entry, const std::set<std::string>& notYet) {
  requireKnown(entry, {"name", "reproduces", "command", "needs", "scenario", "trigger", "findings"});
  Specimen specimen;
  specimen.name = entry.at("name");
  specimen.command = entry.value("command", "{bin}/specimen-" + specimen.name + " --port {port}");
  specimen.scenario = entry.at("scenario");
  specimen.needs = entry.value("needs", "");
  specimen.trigger = entry.value("trigger", "");
  for (const json& finding : entry.at("findings")) {
    json due = dueFinding(finding, notYet);
    if (!due.is_null()) specimen.findings.push_back(std::move(due));
  }
  const bool leaks = !entry.at("findings").empty();
  specimen.awaited = leaks && specimen.findings.empty();
  // The experiments take seconds: only where something is expected of them.
  const auto explained = [](const json& finding) { return finding.contains("trigger"); };
  if (!notYet.contains("trigger") && std::ranges::none_of(specimen.findings, explained)) {
    specimen.options.push_back("--no-trigger");
  }
  if (leaks == specimen.trigger.empty())
    throw std::runtime_error("a leak has a trigger, a clean one has none");
  return specimen;
}

void requireFeature(const json& features, const std::string& name) {
  const auto has = [&](const json& feature) { return feature == name; };
  if (std::ranges::none_of(features, has)) throw std::runtime_error("unknown feature \"" + name + "\"");
}

// A misspelt feature would put its finding off for ever.
void requireFeatures(const json& features, const json& finding) {
  for (const char* field : {"since", "until"}) {
    if (finding.contains(field)) requireFeature(features, finding.at(field));
  }
  const json later = finding.value("later", json::object());
  for (const auto& addition : later.items()) requireFeature(features, addition.key());
}

}  // namespace

json dueFinding(json finding, const std::set<std::string>& notYet) {
  const bool early = finding.contains("since") && notYet.contains(finding.at("since"));
  const bool over = finding.contains("until") && !notYet.contains(finding.at("until"));
  if (early || over) return nullptr;
  const json later = finding.value("later", json::object());
  for (const char* field : {"since", "until", "later"}) finding.erase(field);
  for (const auto& [feature, fields] : later.items()) {
    if (!notYet.contains(feature)) finding.merge_patch(fields);
  }
  return finding;
}

std::vector<Specimen> loadManifest(const std::filesystem::path& file) {
  std::string where = file.string();
  try {
    const json manifest = json::parse(std::ifstream(file));
    requireKnown(manifest, {"schema", "features", "not_yet", "specimens"});
    const auto notYet = manifest.at("not_yet").get<std::set<std::string>>();
    for (const auto& feature : notYet) requireFeature(manifest.at("features"), feature);
    std::vector<Specimen> specimens;
    for (const json& entry : manifest.at("specimens")) {
      where = file.string() + ": specimen " + entry.at("name").get<std::string>();
      for (const json& finding : entry.at("findings")) requireFeatures(manifest.at("features"), finding);
      specimens.push_back(toSpecimen(entry, notYet));
    }
    return specimens;
  } catch (const std::exception& error) {
    throw std::runtime_error(where + ": " + error.what());
  }
}
