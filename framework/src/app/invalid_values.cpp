#include "h3http/invalid_values.hpp"

#include <algorithm>
#include <utility>

#include "h3http/event.hpp"
#include "h3http/problem_details.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxInvalidNameBytes = 256;

// Not within a character of UTF-8.
std::string shortened(std::string_view text, std::size_t maxBytes) {
  if (text.size() <= maxBytes) return std::string(text);
  std::size_t end = maxBytes;
  while (end > maxBytes - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string describeAll(const std::vector<InvalidValue>& listed, std::size_t count) {
  std::string text;
  for (const InvalidValue& value : listed) {
    if (!text.empty()) text.append("; ");
    text.append(toString(value.place)).append(" \"").append(value.name).append("\": expected ");
    text.append(value.expected).append(", found ");
    text.append(value.found ? "\"" + *value.found + "\"" : "nothing");
  }
  if (count > listed.size())
    text.append("; and ").append(std::to_string(count - listed.size())).append(" more");
  return text;
}

}  // namespace

std::string_view toString(ValuePlace place) noexcept {
  switch (place) {
    case ValuePlace::query:
      return "query";
    case ValuePlace::path:
      return "path";
    case ValuePlace::header:
      return "header";
    case ValuePlace::form:
      return "form";
    case ValuePlace::body:
      break;
  }
  return "body";
}

InvalidValues::InvalidValues(std::vector<InvalidValue> listed, std::size_t count)
    : HttpError(400, describeAll(listed, count)),
      listed_(std::make_shared<const std::vector<InvalidValue>>(std::move(listed))),
      count_(std::max(count, listed_->size())) {}

void ValueFailures::add(ValuePlace place, std::string_view name, std::optional<std::string_view> found,
                        std::string expected) {
  ++count_;
  if (listed_.size() == InvalidValues::kMaxListed) return;
  InvalidValue& value = listed_.emplace_back();
  value.place = place;
  value.name = shortened(name, kMaxInvalidNameBytes);
  if (found) value.found = shortened(*found, InvalidValue::kMaxFoundBytes);
  value.expected = std::move(expected);
}

void ValueFailures::throwAll() { throw InvalidValues(std::move(listed_), count_); }

void sendInvalidValues(Event& event, const InvalidValues& invalid) {
  const std::string detail = invalid.count() == 1
                                 ? "1 value is not as expected"
                                 : std::to_string(invalid.count()) + " values are not as expected";
  JsonWriter json(event.arena());
  json.beginObject();
  writeProblem(json, {.status = invalid.status(), .detail = detail});
  json.key("errors").beginArray();
  for (const InvalidValue& value : invalid.listed()) {
    json.beginObject().member("in", toString(value.place));
    json.member(value.place == ValuePlace::body ? "pointer" : "name", std::string_view(value.name));
    json.key("found");
    if (value.found) {
      json.value(std::string_view(*value.found));
    } else {
      json.value(nullptr);
    }
    json.member("expected", std::string_view(value.expected)).endObject();
  }
  json.endArray().endObject();
  event.setStatus(invalid.status());
  event.sendView(json.text(), "application/problem+json");
}

}  // namespace h3
