#include <fmt/core.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "analysis/finding_kind.hpp"
#include "report/utc_time.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"

namespace leakgate {

namespace {

struct Label {
  const char* name;
  std::string_view value;
};

// Source: OpenMetrics 1.0, section 3.2.1 ("escaped-string").
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : foreignLine(value)) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

// One family of metrics. A reader refuses two samples of the same labels: the first counts.
class Family {
 public:
  Family(std::string name, const char* help) : name_(std::move(name)) {
    text_ = fmt::format("# TYPE {0} gauge\n# HELP {0} {1}\n", name_, help);
  }

  void add(std::initializer_list<Label> labels, double value, std::int64_t time) {
    std::string key;
    for (const auto& label : labels)
      key += fmt::format("{}{}=\"{}\"", key.empty() ? "" : ",", label.name, escaped(label.value));
    if (!seen_.insert(key).second) return;
    text_ += fmt::format("{}{{{}}} {} {}\n", name_, key, number(value), time);
  }

  const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
  std::set<std::string> seen_;
};

}  // namespace

std::string openMetrics(const WriterInput& input) {
  Family passed("leakgate_passed", "Whether the scenario passed.");
  Family took("leakgate_duration_seconds", "What measuring the scenario took.");
  Family metrics("leakgate_metric", "A metric of the scenario, see reports/README.md.");
  Family findings("leakgate_finding_blocks_per_event", "Growth of a finding, per event that it follows.");
  std::int64_t time = 0;
  for (const auto& result : input.results) {
    if (result.report) time = secondsOf(result.report->startedAt).value_or(0);
    passed.add({{"scenario", result.name}}, exitCodeOf(result.outcome) == 0 ? 1 : 0, time);
    took.add({{"scenario", result.name}}, result.seconds, time);
    if (!result.report) continue;
    for (const auto& metric : result.report->metrics) {
      metrics.add({{"scenario", result.name},
                   {"metric", metric.name},
                   {"unit", metric.unit},
                   {"kind", toString(metric.kind)}},
                  metric.value, time);
    }
    for (const auto& finding : result.report->findings) {
      findings.add({{"scenario", result.name},
                    {"fingerprint", finding.fingerprint},
                    {"kind", traitsOf(finding.growth.kind).name},
                    {"function", finding.place.function}},
                   finding.growth.blocksPerEvent, time);
    }
  }
  return passed.text() + took.text() + metrics.text() + findings.text() + "# EOF\n";
}

}  // namespace leakgate
