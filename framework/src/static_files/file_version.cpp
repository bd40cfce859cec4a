#include "static_files/file_version.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "http/date.hpp"

namespace h3 {
namespace {

constexpr std::time_t kSettledSeconds =
    2;  // Last-Modified has seconds: a later change in the same second is not visible

std::int64_t nanoseconds(std::timespec time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::optional<std::time_t> dateField(const Event& event, std::string_view name) {
  const auto text = event.getHeader(name);
  return text ? parseHttpDate(*text) : std::nullopt;
}

}  // namespace

FileVersion::FileVersion(std::uint64_t size, std::timespec modified, std::time_t now)
    : tag_(size, nanoseconds(modified)), modified_(std::min(modified.tv_sec, now)), now_(now) {}

void FileVersion::describe(Event& event) const {
  std::array<char, kHttpDateBytes> date;
  formatHttpDate(modified_, date.data());
  event.setHeader("ETag", tag_.text());
  event.setHeader("Last-Modified", {date.data(), date.size()});
}

FileVersion::Precondition FileVersion::evaluate(const Event& event) const {
  if (const auto match = event.getHeader("If-Match")) {
    if (!listsTag(*match, tag_.text(), TagComparison::strong)) return Precondition::failed;
  } else if (const auto since = dateField(event, "If-Unmodified-Since")) {
    if (modified_ > *since) return Precondition::failed;
  }
  if (const auto noneMatch = event.getHeader("If-None-Match")) {
    if (listsTag(*noneMatch, tag_.text(), TagComparison::weak)) return Precondition::notModified;
  } else if (const auto since = dateField(event, "If-Modified-Since")) {
    if (modified_ <= *since) return Precondition::notModified;
  }
  return Precondition::holds;
}

bool FileVersion::allowsRange(const Event& event) const {
  const auto condition = event.getHeader("If-Range");
  if (!condition) return true;
  if (condition->starts_with('"') || condition->starts_with("W/")) return *condition == tag_.text();
  return parseHttpDate(*condition) == modified_ && now_ - modified_ >= kSettledSeconds;
}

}  // namespace h3
