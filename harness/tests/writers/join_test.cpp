// One finding has one fingerprint, wherever it is shown.
#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <set>

#include "cli/gate_summary.hpp"
#include "cli/gate_text.hpp"
#include "history/history_run.hpp"
#include "report/report_json.hpp"
#include "report/run_text.hpp"
#include "writers/hostile_results.hpp"
#include "writers/writer.hpp"

using namespace leakgate;

namespace {

std::string unpacked(const std::string& gzipped) {
  z_stream stream{};
  REQUIRE(::inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);
  std::string packed = gzipped;
  std::string text(1U << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  REQUIRE(::inflate(&stream, Z_FINISH) == Z_STREAM_END);
  text.resize(stream.total_out);
  ::inflateEnd(&stream);
  return text;
}

// The page as it is read, without the data that it carries.
std::string shownBy(std::string page) {
  for (auto at = page.find("<script"); at != std::string::npos; at = page.find("<script", at))
    page.erase(at, page.find("</script>", at) - at);
  return page;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string writtenBy(const Writer& writer, const std::vector<GateResult>& results) {
  const std::string text = writer.write({results, "leakgate gate", 1});
  if (text.starts_with("\x1f\x8b")) return unpacked(text);
  return writer.name == "html" ? shownBy(text) : text;
}

}  // namespace

TEST_CASE("a finding has the same fingerprint in every format") {
  const std::set<std::string_view> metricsOnly{"google-benchmark", "action-benchmark"};
  const std::vector<GateResult> results{resultNamed("leaky", failed(leakyReport()))};
  const std::string fingerprint = results[0].report->findings.at(0).fingerprint;
  REQUIRE(fingerprint.size() == 16);
  for (const auto& writer : allWriters()) {
    CAPTURE(writer.name);
    CHECK(holds(writtenBy(writer, results), fingerprint) == !metricsOnly.contains(writer.name));
  }
  // A page of several results is the gate's.
  CHECK(holds(writtenBy(*writerNamed("html"), {results[0], results[0]}), fingerprint));
}

TEST_CASE("and the same on the terminal, in the report, the gate's report and the history") {
  const std::vector<GateResult> results{resultNamed("leaky", failed(leakyReport()))};
  const Report& report = *results[0].report;
  const std::string fingerprint = report.findings.at(0).fingerprint;
  CHECK(holds(runText(report, {}), "fingerprint " + fingerprint));
  CHECK(holds(gateText(results, {}), "fingerprint " + fingerprint));
  CHECK(holds(toText(toJson(report)), fingerprint));
  CHECK(holds(toText(summaryOf(results, "leakgate gate")), fingerprint));
  const HistoryRun run = historyRunOf(report, {}, "r.json");
  CHECK(std::ranges::any_of(run.values, [&](const HistoryValue& value) {
    return value.name == "finding." + fingerprint + ".blocks_per_event";
  }));
}
