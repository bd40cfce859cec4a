// What decides whether a specimen was found: a comparison that lets everything pass would hide any
// regression.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "expectation.hpp"
#include "manifest.hpp"
#include "specimen_result.hpp"

using nlohmann::json;

namespace {

const json kWanted = json::parse(R"({"kind": "heap", "follows": "request", "place": {"function": "keep"},
  "stack": [{"function": "inner"}], "blocks_per_event": 1, "bytes_per_event": 33})");

json foundLike(const json& wanted) {
  json found = wanted;
  found["stack"] = json::parse(R"([{"function": "inner", "line": 3}, {"function": "keep", "line": 8}])");
  found["step"] = "visit";
  return found;
}

LeakgateRun runWith(int exitCode, const std::vector<json>& findings) {
  LeakgateRun run;
  run.exitCode = exitCode;
  run.report = {{"findings", findings}};
  return run;
}

SpecimenResult resultOf(const std::vector<json>& wanted, const std::vector<LeakgateRun>& runs) {
  SpecimenResult result;
  result.specimen.findings = wanted;
  for (const auto& run : runs) addRun(result, run);
  return result;
}

}  // namespace

TEST_CASE("a finding matches when it contains all expected fields; it may have more") {
  CHECK(differences({kWanted}, {foundLike(kWanted)}).empty());
  const json others = json::parse(R"({"kind": "mapping", "follows": "connection",
         "place": {"function": "other"}, "stack": [{"function": "elsewhere"}], "blocks_per_event": 0.999,
         "bytes_per_event": 34})");
  for (const auto& [field, other] : others.items()) {
    CAPTURE(field);
    json found = foundLike(kWanted);
    found[field] = other;
    CHECK(differences({kWanted}, {found}).size() == 2);  // missed, and something that was not expected
  }
}

TEST_CASE("unexpected findings, and the same one twice, are differences") {
  CHECK(differences({}, {foundLike(kWanted)}).size() == 1);
  CHECK(differences({kWanted}, {foundLike(kWanted), foundLike(kWanted)}).size() == 1);
  CHECK(differences({kWanted}, {}).size() == 1);
}

TEST_CASE("what the trigger experiments concluded belongs to its finding") {
  const json report = json::parse(R"({"findings": [{"kind": "heap"}, {"kind": "thread"}],
    "trigger": {"conclusions": [{"finding": 1, "follows": "connection"}]}})");
  const auto findings = findingsOf(report);
  CHECK_FALSE(findings[0].contains("trigger"));
  CHECK(findings[1].at("trigger").at("follows") == "connection");
  CHECK(findingsOf(json::parse(R"({"findings": [], "trigger": null})")).empty());
}

TEST_CASE("findings of missing features are not due") {
  json finding = {{"kind", "thread"},
                  {"later", {{"trigger", {{"follows", "error"}}}, {"stacks", {{"kind", "heap"}}}}}};
  CHECK(dueFinding(finding, {"trigger", "stacks"}) == json({{"kind", "thread"}}));
  CHECK(dueFinding(finding, {"trigger"}) == json({{"kind", "heap"}}));
  CHECK(dueFinding(finding, {}).at("follows") == "error");
  finding["since"] = "stacks";
  CHECK(dueFinding(finding, {"stacks"}).is_null());
  CHECK_FALSE(dueFinding(finding, {}).is_null());
  finding.erase("since");
  finding["until"] = "stacks";
  CHECK(dueFinding(finding, {}).is_null());
  CHECK_FALSE(dueFinding(finding, {"stacks"}).is_null());
}

TEST_CASE("trigger experiments are run only where something is expected of them") {
  const auto file =
      std::filesystem::temp_directory_path() / ("explained-" + std::to_string(::getpid()) + ".json");
  const auto optionsOf = [&](const json& notYet, const json& later) {
    const json finding = {{"kind", "heap"}, {"later", later}};
    const json specimen = {{"name", "a"}, {"scenario", "b.json"}, {"trigger", "c"}, {"findings", {finding}}};
    std::ofstream(file) << json({{"schema", "leakgate.specimens/1"},
                                 {"features", {"trigger"}},
                                 {"not_yet", notYet},
                                 {"specimens", {specimen}}});
    const auto options = loadManifest(file).front().options;
    std::filesystem::remove(file);
    return options;
  };
  const json explained = {{"trigger", {{"trigger", {{"follows", "error"}}}}}};
  CHECK(optionsOf(json::array({"trigger"}), explained).empty());
  CHECK(optionsOf(json::array({"trigger"}), json::object()).empty());
  CHECK(optionsOf(json::array(), explained).empty());
  CHECK(optionsOf(json::array(), json::object()) == std::vector<std::string>{"--no-trigger"});
}

TEST_CASE("verdicts and exit codes") {
  const json found = foundLike(kWanted);
  CHECK((resultOf({kWanted}, {runWith(1, {found})}).verdict == SpecimenVerdict::asExpected));
  CHECK((resultOf({kWanted}, {runWith(0, {})}).verdict == SpecimenVerdict::wrong));
  CHECK((resultOf({}, {runWith(0, {})}).verdict == SpecimenVerdict::asExpected));
  CHECK((resultOf({}, {runWith(1, {found})}).verdict == SpecimenVerdict::wrong));
  CHECK((resultOf({}, {runWith(1, {})}).verdict == SpecimenVerdict::wrong));  // unexpected responses
  CHECK((resultOf({}, {runWith(3, {})}).verdict == SpecimenVerdict::notMeasured));

  const auto flaky = resultOf({}, {runWith(0, {}), runWith(1, {found}), runWith(0, {})});
  CHECK((flaky.verdict == SpecimenVerdict::wrong));
  CHECK(flaky.runs == 3);
  CHECK(flaky.goodRuns == 2);
  CHECK(flaky.found.size() == 1);

  const auto good = resultOf({}, {runWith(0, {})});
  CHECK(exitCodeOf({good}) == 0);
  CHECK(exitCodeOf({good, flaky}) == 1);
  CHECK(exitCodeOf({good, flaky, resultOf({}, {runWith(3, {})})}) == 3);
}

TEST_CASE("an awaited leak stays silent until it is no longer awaited") {
  SpecimenResult result;
  result.specimen.awaited = true;
  addRun(result, runWith(0, {}));
  CHECK((result.verdict == SpecimenVerdict::notYet));
  addRun(result, runWith(1, {foundLike(kWanted)}));
  CHECK((result.verdict == SpecimenVerdict::wrong));
}

TEST_CASE("the manifest can be read, and has the expected specimens") {
  const auto specimens = loadManifest(SPECIMENS "/manifest.json");
  std::set<std::string> names;
  std::size_t leaks = 0;
  for (const auto& specimen : specimens) {
    CAPTURE(specimen.name);
    CHECK(names.insert(specimen.name).second);
    CHECK(std::filesystem::exists(std::filesystem::path(SPECIMENS) / "scenarios" / specimen.scenario));
    leaks += specimen.clean() ? 0 : 1;
  }
  CHECK(leaks >= 30);
  CHECK(specimens.size() - leaks >= 10);
}

TEST_CASE("a manifest with a misspelt field or feature is refused") {
  const auto file =
      std::filesystem::temp_directory_path() / ("manifest-" + std::to_string(::getpid()) + ".json");
  const auto refused = [&](const char* finding, const char* field) {
    json manifest = {{"schema", "leakgate.specimens/1"},
                     {"features", {"stacks"}},
                     {"not_yet", {"stacks"}},
                     {"specimens", json::array()}};
    json specimen = {
        {"name", "a"}, {"scenario", "b.json"}, {"trigger", "c"}, {"findings", {json::parse(finding)}}};
    specimen[field] = "c";
    manifest["specimens"].push_back(specimen);
    std::ofstream(file) << manifest;
    bool thrown = false;
    try {
      loadManifest(file);
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    std::filesystem::remove(file);
    return thrown;
  };
  CHECK_FALSE(refused(R"({"kind": "heap", "since": "stacks"})", "trigger"));
  CHECK(refused(R"({"kind": "heap", "since": "stack"})", "trigger"));
  CHECK(refused(R"({"kind": "heap", "later": {"stack": {}}})", "trigger"));
  CHECK(refused(R"({"kind": "heap"})", "triger"));
}
