#include "report/growth_line.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "analysis/finding_kind.hpp"
#include "report/finding_text.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kLineColumns = 16;  // in UTF-8 three bytes each

// Between the two checkpoints around it. Checkpoints double the work: drawn one beside the other, a straight
// line would look like a curve.
double valueAt(double event, const Finding& growth, const std::vector<std::int64_t>& values) {
  const auto& events = growth.checkpoints;
  std::size_t after = 1;
  while (after + 1 < events.size() && static_cast<double>(events[after]) < event) ++after;
  const auto x0 = static_cast<double>(events[after - 1]);
  const auto x1 = static_cast<double>(events[after]);
  const auto y0 = static_cast<double>(values[after - 1]);
  const auto y1 = static_cast<double>(values[after]);
  return x1 <= x0 ? y1 : y0 + (y1 - y0) * (event - x0) / (x1 - x0);
}

bool hasCourse(const Finding& growth, const std::vector<std::int64_t>& values) {
  const auto& events = growth.checkpoints;
  return values.size() > 1 && values.size() == events.size() && events.back() > events.front() &&
         values.back() > values.front();
}

}  // namespace

std::string growthLine(const Finding& growth, Charset charset) {
  const bool bytesGrow = hasCourse(growth, growth.bytes);
  const auto& values = bytesGrow ? growth.bytes : growth.blocks;
  if (growth.kind == FindingKind::slowdown || !hasCourse(growth, values)) return "";
  const auto first = static_cast<double>(growth.checkpoints.front());
  const auto last = static_cast<double>(growth.checkpoints.back());
  std::array<std::optional<double>, kLineColumns> course;
  for (std::size_t i = 0; i < kLineColumns; ++i)
    course[i] = valueAt(first + (last - first) * static_cast<double>(i) / (kLineColumns - 1), growth, values);
  const std::string_view bytes = growth.kind == FindingKind::heap ? "live bytes" : "bytes";
  return fmt::format("{} {} +{}", bytesGrow ? bytes : traitsOf(growth.kind).unit,
                     sparkline(course, kLineColumns, charset), withThousands(values.back() - values.front()));
}

}  // namespace leakgate
