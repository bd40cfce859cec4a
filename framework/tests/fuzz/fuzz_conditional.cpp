// Conditional fields: lists of entity tags, dates in three forms, and the order of RFC 9110 13.2.2.
//
//   1 byte: which fields there are | a line each: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since, If-Range
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "fuzz_input.hpp"
#include "http/date.hpp"
#include "protocol/field_text.hpp"
#include "static_files/file_version.hpp"

using namespace h3::test;
using h3::TagComparison;
using Precondition = h3::FileVersion::Precondition;

namespace {

constexpr std::time_t kModified = 784'111'777;  // Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::string_view kTag = R"("5-ae1b981bc490a00")";
constexpr std::array<std::string_view, 5> kFields = {"If-Match", "If-None-Match", "If-Modified-Since",
                                                     "If-Unmodified-Since", "If-Range"};

struct Conditions {
  std::array<std::optional<std::string_view>, 5> values;
};

const Conditions* conditions = nullptr;

bool listsStrong(std::string_view list, std::string_view tag) {
  const bool strong = h3::listsTag(list, tag, TagComparison::strong);
  FUZZ_CHECK(!strong || h3::listsTag(list, tag, TagComparison::weak));
  return strong;
}

void checkTags(std::string_view list) {
  const std::string first = std::string(kTag) + ", " + std::string(list);
  FUZZ_CHECK(listsStrong(first, kTag));
  FUZZ_CHECK(!h3::listsTag("W/" + std::string(kTag), kTag, TagComparison::strong));
  if (list.find(kTag) == std::string_view::npos && h3::protocol::trimBlanks(list) != "*")
    FUZZ_CHECK(!h3::listsTag(list, kTag, TagComparison::weak));
}

void checkDate(std::string_view text) {
  const auto date = h3::parseHttpDate(text);
  if (!date) return;
  std::array<char, h3::kHttpDateBytes> bytes;
  h3::formatHttpDate(*date, bytes.data());
  const std::string_view written(bytes.data(), bytes.size());
  FUZZ_CHECK(h3::parseHttpDate(written) == date);
  const bool isFixdate = text.size() == h3::kHttpDateBytes && text[3] == ',';
  const bool isLeapSecond = text.find(":60 ") != std::string_view::npos;  // becomes :59
  if (isFixdate && !isLeapSecond) FUZZ_CHECK(written.substr(3) == text.substr(3));
}

Precondition expectedOf(const Conditions& given, std::string_view tag) {
  const auto& [match, noneMatch, modifiedSince, unmodifiedSince, range] = given.values;
  const auto dateOf = [](const std::optional<std::string_view>& text) {
    return text ? h3::parseHttpDate(*text) : std::nullopt;
  };
  if (match) {
    if (!listsStrong(*match, tag)) return Precondition::failed;
  } else if (const auto since = dateOf(unmodifiedSince); since && kModified > *since) {
    return Precondition::failed;
  }
  if (noneMatch) {
    if (h3::listsTag(*noneMatch, tag, TagComparison::weak)) return Precondition::notModified;
  } else if (const auto since = dateOf(modifiedSince); since && kModified <= *since) {
    return Precondition::notModified;
  }
  return Precondition::holds;
}

void handleConditions(h3::Event& event) {
  constexpr std::timespec kTime{kModified, 0};
  const h3::FileVersion version(5, kTime, kModified + 10);
  const h3::EntityTag tag(5, std::int64_t{kModified} * 1'000'000'000);
  FUZZ_CHECK(version.evaluate(event) == expectedOf(*conditions, tag.text()));
  const auto& range = conditions->values[4];
  const bool isTag = range && (range->starts_with('"') || range->starts_with("W/"));
  const bool names = range && (isTag ? *range == tag.text() : h3::parseHttpDate(*range) == kModified);
  FUZZ_CHECK(version.allowsRange(event) == (!range || names));
  event.sendText("");
}

h3::App& conditionsApp() {
  static h3::App app;
  app.get("/", handleConditions);
  return app;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static LocalWorker worker(conditionsApp());
  FuzzInput input(data, size);
  if (size > 4096) return 0;
  const std::size_t present = input.takeByte();
  Conditions given;
  std::string fields;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const std::string_view value = h3::protocol::trimBlanks(input.takeLine());
    checkDate(value);
    checkTags(value);
    if ((present >> i & 1) == 0 || !isFieldValue(value)) continue;
    given.values[i] = value;
    fields.append(kFields[i]).append(": ").append(value).append("\r\n");
  }
  conditions = &given;
  FUZZ_CHECK(worker.run(requestText("GET", "/", fields)).status() == 200);
  worker.release();
  return 0;
}
