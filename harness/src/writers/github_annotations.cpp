#include <fmt/core.h>

#include <algorithm>

#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"
#include "writers/ranked_reasons.hpp"
#include "writers/source_place.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxAnnotations = 10;  ///< GitHub shows ten errors of a step

// Source: actions/toolkit, packages/core, command.ts.
std::string escaped(std::string_view text, std::string_view special) {
  std::string safe;
  for (const char c : text)
    safe += special.find(c) == std::string_view::npos ? std::string(1, c)
                                                      : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return safe;
}

std::string messageText(std::string_view text) { return escaped(text, "%\r\n"); }
std::string propertyText(std::string_view text) { return escaped(text, "%\r\n:,"); }

std::string annotation(const RankedReason& reason) {
  const SourcePlace place = sourcePlaceOf(reason);
  return fmt::format("::error file={},line={},title=leakgate%3A {}::{}\n", propertyText(place.path),
                     place.line, propertyText(toString(reason.worst.kind)), messageText(reason.text()));
}

}  // namespace

std::string githubAnnotations(const WriterInput& input) {
  const auto reasons = rankedReasons(input);
  std::string text;
  for (std::size_t i = 0; i < std::min(kMaxAnnotations, reasons.size()); ++i) text += annotation(reasons[i]);
  if (reasons.size() > kMaxAnnotations) {
    text += fmt::format("::notice title=leakgate::{} more reasons are in the summary of the job\n",
                        reasons.size() - kMaxAnnotations);
  }
  return text;
}

}  // namespace leakgate
