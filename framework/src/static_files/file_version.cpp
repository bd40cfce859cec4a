#include "static_files/file_version.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "app/event_state.hpp"
#include "http/date.hpp"

namespace h3 {
namespace {

constexpr std::time_t kSettledSeconds =
    2;  // Last-Modified has seconds: a later change in the same second is not visible

std::int64_t nanoseconds(std::timespec time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

const HeaderTable& fieldsOf(const Event& event) { return EventState::of(event).head.headers; }

// Dates that are not valid, or that are several, are ignored (RFC 9110 13.1.3, 13.1.4).
std::optional<std::time_t> dateField(const Event& event, std::string_view name) {
  const auto text = fieldsOf(event).findOnly(name);
  return text ? parseHttpDate(*text) : std::nullopt;
}

// Nothing without such a field. A list may be split over several.
std::optional<bool> listsTag(const Event& event, std::string_view name, std::string_view tag,
                             TagComparison comparison) {
  std::optional<bool> listed;
  fieldsOf(event).forEach(name, [&](std::string_view list) {
    listed = listed.value_or(false) || h3::listsTag(list, tag, comparison);
  });
  return listed;
}

}  // namespace

FileVersion::FileVersion(std::uint64_t size, std::timespec modified, std::time_t now, std::string_view coding)
    : tag_(size, nanoseconds(modified), coding), modified_(std::min(modified.tv_sec, now)), now_(now) {}

void FileVersion::describe(Event& event) const {
  std::array<char, kHttpDateBytes> date;
  formatHttpDate(modified_, date.data());
  event.setHeader("ETag", tag_.text());
  event.setHeader("Last-Modified", {date.data(), date.size()});
}

FileVersion::Precondition FileVersion::evaluate(const Event& event) const {
  if (const auto match = listsTag(event, "If-Match", tag_.text(), TagComparison::strong)) {
    if (!*match) return Precondition::failed;
  } else if (const auto since = dateField(event, "If-Unmodified-Since")) {
    if (modified_ > *since) return Precondition::failed;
  }
  if (const auto match = listsTag(event, "If-None-Match", tag_.text(), TagComparison::weak)) {
    if (*match) return Precondition::notModified;
  } else if (const auto since = dateField(event, "If-Modified-Since")) {
    if (modified_ <= *since) return Precondition::notModified;
  }
  return Precondition::holds;
}

bool FileVersion::allowsRange(const Event& event) const {
  const HeaderTable& fields = fieldsOf(event);
  if (!fields.find("If-Range")) return true;
  const auto condition = fields.findOnly("If-Range");
  if (!condition) return false;
  if (condition->starts_with('"') || condition->starts_with("W/")) return *condition == tag_.text();
  return parseHttpDate(*condition) == modified_ && now_ - modified_ >= kSettledSeconds;
}

}  // namespace h3
