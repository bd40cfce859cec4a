#include "report/report_json.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "report/sample_report.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;
using Json = nlohmann::ordered_json;

namespace {

// One with something in every list and every optional.
Report fullReport() {
  auto builder =
      RecordBuilder()
          .site(RecordBuilder::at(0x1000), {0, 1000, 2000, 4000, 8000}, {0, 17000, 34000, 68000, 136000}, "s")
          .site(RecordBuilder::at(0x2000), {0, 0, 1, 1, 1}, {0, 0, 64, 64, 64});
  builder.record().windows.assign(80, {100, 1000.25, 990.5, 3000});
  builder.record().unexpected = {{"login", 17, "status 500, expected 200"}};
  builder.record().scenario.budgets["live_bytes_per_request"].max = 0;
  Report report = reportOf(builder);
  report.verdict = {Outcome::fail, {{"f", "leaks"}}, {{"m", "slow"}}, {"a note"}};
  report.trigger = sampleTrigger();
  report.profile = sampleProfile();
  report.instructions = InstructionProfile{400, "", 400'000, {{"parse", "server", 300'000}}};
  report.systemCalls = SystemCallProfile{800, "200: 800", "", {{"recvfrom", 1600, 800}, {"sendto", 800, 0}}};
  report.repeats = 4;
  report.metrics[4].spread = Spread{5, 0.5, 0.75};
  report.audit.cost.varied = {"allocations_per_request"};
  return report;
}

std::string refusal(const std::function<void(Json&)>& change) {
  Json document = toJson(fullReport());
  change(document);
  try {
    parseReport(toText(document), "r.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a report reads back as it was written, byte for byte") {
  const std::string text = toText(toJson(fullReport()));
  CHECK(toText(toJson(parseReport(text, "r.json"))) == text);
  const std::string clean = toText(toJson(cleanReport()));
  CHECK(toText(toJson(parseReport(clean, "r.json"))) == clean);
}

TEST_CASE("a report from before there were experiments can be read") {
  Json document = toJson(fullReport());
  document.erase("trigger");
  CHECK_FALSE(parseReport(toText(document), "r.json").trigger.has_value());
}

TEST_CASE("a report from before there were profiles can be read") {
  Json document = toJson(fullReport());
  document.erase("profile");
  document.erase("instructions");
  document.erase("system_calls");
  const Report report = parseReport(toText(document), "r.json");
  CHECK_FALSE(report.profile.has_value());
  CHECK_FALSE(report.instructions.has_value());
  CHECK_FALSE(report.systemCalls.has_value());
}

TEST_CASE("a profile refers to frames and stacks that are there") {
  const AllocationProfile profile = *parseReport(toText(toJson(fullReport())), "r.json").profile;
  CHECK(framesOf(profile, profile.stacks[1]) == std::vector{profile.frames[0], profile.frames[2]});
  CHECK(refusal([](Json& r) { r["profile"]["stacks"][0]["frames"][0] = 3; }) ==
        "r.json: profile.stacks.frames: found 3, expected an index below 3; was the file changed by hand? "
        "make it anew");
  CHECK(refusal([](Json& r) {
          r["profile"]["mix"]["stacks"][0]["stack"] = 2;
        }).find("profile.mix.stacks.stack") != std::string::npos);
  CHECK(refusal([](Json& r) {
          r["profile"]["steps"][0]["stacks"][0]["stack"] = 2;
        }).find("profile.steps.stacks.stack") != std::string::npos);
}

TEST_CASE("a report from before counts could be spreads can be read") {
  Json document = toJson(fullReport());
  document["run"].erase("repeats");
  document["self_audit"]["cost"].erase("counts");
  document["self_audit"]["cost"].erase("varied");
  document["metrics"][4].erase("spread");
  const Report report = parseReport(toText(document), "r.json");
  CHECK(report.repeats == 0);
  CHECK_FALSE(report.metrics[4].spread.has_value());
}

TEST_CASE("two runs that measured the same write the same metrics") {
  CHECK(toJson(fullReport())["metrics"].dump() == toJson(fullReport())["metrics"].dump());
  const auto metrics = toJson(leakyReport())["metrics"];
  CHECK(metrics[0].dump() ==
        R"({"name":"live_bytes_per_request","value":17,"unit":"B","kind":"exact","direction":"lower"})");
}

TEST_CASE("numbers are written exactly") {
  Report report = cleanReport();
  report.metrics = {{"third", 1.0 / 3, "1", MetricKind::exact, Direction::lower},
                    {"big", 123456789012.0, "1", MetricKind::exact, Direction::lower},
                    {"negative", -64, "B", MetricKind::exact, Direction::lower}};
  const std::string text = toText(toJson(report));
  CHECK(text.find("\"value\":123456789012,") != std::string::npos);
  CHECK(text.find("\"value\":-64,") != std::string::npos);
  CHECK(parseReport(text, "r.json").metrics[0].value == 1.0 / 3);
}

TEST_CASE("what is wrong with a report is named") {
  CHECK(refusal([](Json&) {}) == "accepted");
  CHECK(refusal([](Json& r) { r["later_minor_field"] = 1; }) == "accepted");
  CHECK(refusal([](Json& r) { r.erase("metrics"); }) ==
        "r.json: metrics: found nothing, expected a list or an object; add the field");
  CHECK(refusal([](Json& r) { r["metrics"][3]["value"] = "many"; }) ==
        "r.json: metrics[3].value: found \"many\", expected a number; was the file changed by hand? make it "
        "anew");
  CHECK(refusal([](Json& r) { r["findings"][0]["pattern"] = "cubic"; }) ==
        "r.json: findings[0].pattern: found \"cubic\", expected one of flat, linear, slow, stepped, bounded, "
        "one-off, "
        "sawtooth, given-back; was the file changed by hand? make it anew");
  CHECK(refusal([](Json& r) {
          r["findings"][0]["stack"][1].erase("line");
        }).find("findings[0].stack[1].line") != std::string::npos);
  CHECK(refusal([](Json& r) { r["findings"][0]["stack"][0]["offset"] = "4096"; }).find("an address") !=
        std::string::npos);
  CHECK(refusal([](Json& r) {
          r["series"] = Json::object();
        }).find("r.json: series: found {}, expected a list") == 0);
  CHECK(refusal([](Json& r) { r["series"][0]["requests"] = -1; }).find("series[0].requests: found -1") !=
        std::string::npos);
  CHECK(refusal([](Json& r) {
          r["run"]["drained"] = 1;
        }).find("run.drained: found 1, expected true or false") != std::string::npos);
  CHECK(refusal([](Json& r) { r["scenario"]["content"]["steps"] = 5; }).find("scenario.content: steps") !=
        std::string::npos);
}

TEST_CASE("other versions and other files are distinguished") {
  CHECK(refusal([](Json& r) { r["schema"] = "leakgate.report/2"; }) ==
        "r.json: schema: found \"leakgate.report/2\", expected leakgate.report/1; it was written by a newer "
        "leakgate: use "
        "that one to read it");
  CHECK(refusal([](Json& r) { r["schema"] = "leakgate.scenario/1"; }).find("is this the right file?") !=
        std::string::npos);
  CHECK_THROWS_AS(parseReport("", "r.json"), InputError);
  CHECK_THROWS_AS(parseReport("[1, 2]", "r.json"), InputError);
  CHECK_THROWS_AS(parseReport("{\"schema\": ", "r.json"), InputError);
}

TEST_CASE("bytes that are no UTF-8 do not break a report") {
  Report report = cleanReport();
  report.unexpected = {{"login", 1, "body \"\xff\xfe\""}};
  CHECK(parseReport(toText(toJson(report)), "r.json").unexpected.size() == 1);
}

TEST_CASE("a report of a server that leaks everywhere, under thousands of steps, stays below 1 MB") {
  auto builder = RecordBuilder();
  for (std::uint64_t site = 0; site < 500; ++site) {
    builder.site(RecordBuilder::at(0x1000 + 16 * site), {0, 1000, 2000, 4000, 8000},
                 {0, 1000, 2000, 4000, 8000}, "scope " + std::to_string(site));
  }
  for (int s = 0; s < 3000; ++s) {
    builder.record().scenario.steps.push_back(
        RecordBuilder::step("GET /blog/a-page-with-a-long-title/" + std::to_string(s)));
  }
  builder.record().windows.assign(80, {100, 1000.25, 990.5, 3000});
  const auto deepFrames = [](const CodeLocation& location) {
    std::vector<Frame> stack(30, sampleFrames(location)[0]);
    stack.push_back(sampleFrames(location)[2]);
    return stack;
  };
  const RunRecord record = builder;
  const Report report =
      buildReport(record, analyse(record), sampleEnvironment(), {"leakgate run", {deepFrames, ""}, {}});
  CHECK(report.findings.size() == kMaxFindings);
  CHECK(report.sites.size() == kMaxSites);
  CHECK(toText(toJson(report)).size() < 1'000'000);
}

TEST_CASE("suppressed findings and their rules are read back, and a report without them is still read") {
  Report report = leakyReport();
  report.suppressed.swap(report.findings);
  report.suppressions = {{"setContext", "our.supp", 3, 1}};
  auto json = toJson(report);
  const Report back = parseReport(toText(json), "r.json");
  REQUIRE(back.suppressed.size() == 1);
  CHECK(back.suppressed[0].place.function == "h3::Event::setContext");
  CHECK(back.suppressions == report.suppressions);
  json.erase("suppressed");
  json.erase("suppressions");
  CHECK(parseReport(toText(json), "r.json").suppressed.empty());
}
