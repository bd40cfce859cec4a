// One finding has one fingerprint, in every format that names findings.
#include <doctest/doctest.h>
#include <zlib.h>

#include <array>
#include <set>

#include "report/report_json.hpp"
#include "session/red_reasons.hpp"
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

}  // namespace

TEST_CASE("a finding has the same fingerprint in every format, in the report and in the gate's reasons") {
  const std::set<std::string_view> metricsOnly{"google-benchmark", "action-benchmark"};
  const std::vector<GateResult> results{resultNamed("leaky", failed(leakyReport()))};
  const std::string fingerprint = results[0].report->findings.at(0).fingerprint;
  REQUIRE(fingerprint.size() == 16);
  CHECK(redReasons(results, "leakgate gate").at(0).fingerprint == fingerprint);
  CHECK(toText(toJson(*results[0].report)).find(fingerprint) != std::string::npos);
  for (const auto& writer : allWriters()) {
    CAPTURE(writer.name);
    std::string text = writer.write({results, "leakgate gate", 1});
    if (text.starts_with("\x1f\x8b")) text = unpacked(text);
    CHECK((text.find(fingerprint) != std::string::npos) == !metricsOnly.contains(writer.name));
  }
}
