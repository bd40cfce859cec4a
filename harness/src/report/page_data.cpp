#include "report/page_data.hpp"

#include <fmt/core.h>

#include "report/atomic_file.hpp"
#include "report/packed_text.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kDoctype = "<!DOCTYPE html>";
constexpr std::string_view kEnd = "</script>";

std::string startOf(std::string_view id, std::string_view type) {
  return fmt::format("<script type=\"{}\" id=\"{}\">", type, id);
}

std::string plainStart(std::string_view id) { return startOf(id, "application/json"); }
std::string packedStart(std::string_view id) { return startOf(id, "application/gzip"); }

std::string withoutTags(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

// What stands between `start` and the element's end; nothing when there is no such element.
std::optional<std::string_view> contentAfter(std::string_view page, const std::string& start) {
  const auto found = page.find(start);
  if (found == std::string_view::npos) return std::nullopt;
  const std::string_view rest = page.substr(found + start.size());
  const auto end = rest.find(kEnd);
  if (end == std::string_view::npos) return std::nullopt;
  return rest.substr(0, end);
}

}  // namespace

std::string dataBlock(std::string_view id, std::string_view json) {
  if (json.size() > kMaxPlainDataBytes) return packedDataBlock(id, json);
  return "\n" + plainStart(id) + withoutTags(json) + std::string(kEnd);
}

std::string packedDataBlock(std::string_view id, std::string_view json) {
  return "\n" + packedStart(id) + packed(json) + std::string(kEnd);
}

bool hasData(std::string_view text, std::string_view id) {
  return text.starts_with(kDoctype) &&
         (contentAfter(text, plainStart(id)) || contentAfter(text, packedStart(id)));
}

std::string jsonOf(std::string_view text, std::string_view id, const std::string& fileName) {
  if (!text.starts_with(kDoctype)) return std::string(text);
  if (const auto json = contentAfter(text, plainStart(id))) return std::string(*json);
  constexpr const char* kFix =
      "was the page cut or changed? give the report's JSON file, or write the page again";
  const auto content = contentAfter(text, packedStart(id));
  if (!content) throw InputError(fileName, "", "a page without a report", "a page of leakgate", kFix);
  auto json = unpacked(*content, kMaxReportFileBytes);
  if (!json) throw InputError(fileName, "", "a damaged report", "a page of leakgate", kFix);
  return std::move(*json);
}

}  // namespace leakgate
