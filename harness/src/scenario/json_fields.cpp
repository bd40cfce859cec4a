#include "scenario/json_fields.hpp"

#include <algorithm>
#include <utility>

#include "scenario/nearest_names.hpp"

namespace leakgate {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kMaxShown = 60;

std::string lineAndColumn(std::string_view text, std::size_t byte) {
  // nlohmann reports the byte after the refused one, counted from 1.
  const auto before = text.substr(0, byte == 0 ? 0 : std::min(byte - 1, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto lineStart = before.rfind('\n');
  const auto column = lineStart == std::string_view::npos ? before.size() + 1 : before.size() - lineStart;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while ..." -> "syntax error
// while ..."
std::string reasonOf(const Json::exception& error) {
  const std::string_view what = error.what();
  for (const std::string_view end : {": ", "] "}) {
    const auto at = what.find(end);
    if (at != std::string_view::npos) return std::string(what.substr(at + end.size()));
  }
  return std::string(what);
}

// Refuses an object that has a key twice: JSON readers keep the last one silently.
class DuplicateKeys {
 public:
  explicit DuplicateKeys(const std::string& fileName) : fileName_(fileName) {}

  bool see(Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      throw InputError(fileName_, "", "the field " + shown(parsed) + " twice in one object", "it once",
                       "remove one");
    }
    return true;
  }

 private:
  const std::string& fileName_;
  std::vector<std::set<std::string>> keys_;
};

std::string typeName(const Json& value) {
  return value.is_object() ? "an object" : value.is_array() ? "a list" : shown(value);
}

}  // namespace

std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kMaxShown) text = text.substr(0, kMaxShown) + "...";
  return text;
}

Json parseJsonFile(std::string_view text, const std::string& fileName) {
  DuplicateKeys duplicates(fileName);
  const auto callback = [&](int, Json::parse_event_t event, Json& parsed) {
    return duplicates.see(event, parsed);
  };
  try {
    return Json::parse(text, callback, true, true);
  } catch (const Json::parse_error& error) {
    throw InputError(fileName + ": " + lineAndColumn(text, error.byte) + ": not JSON: " + reasonOf(error));
  } catch (const Json::exception& error) {
    // A number beyond the range of double, like 1e999.
    throw InputError(fileName + ": not usable JSON: " + reasonOf(error));
  }
}

JsonFields::JsonFields(const Json& object, std::string path, const std::string& fileName)
    : object_(object), path_(std::move(path)), fileName_(fileName) {
  if (!object.is_object()) throw InputError(fileName, path_, typeName(object), "an object {...}");
}

const Json* JsonFields::find(std::string_view name) {
  known_.emplace_back(name);
  const auto found = object_.find(std::string(name));
  return found == object_.end() ? nullptr : &*found;
}

const Json& JsonFields::require(std::string_view name, std::string_view expected) {
  const Json* value = find(name);
  if (value == nullptr) fail(name, "nothing", std::string(expected), "add the field");
  return *value;
}

std::string JsonFields::text(std::string_view name, std::string fallback) {
  const Json* value = find(name);
  return value == nullptr ? std::move(fallback) : checkedText(*value, fileName_, pathOf(name));
}

std::string JsonFields::requireText(std::string_view name) {
  return checkedText(require(name, "a string"), fileName_, pathOf(name));
}

bool JsonFields::boolean(std::string_view name, bool fallback) {
  const Json* value = find(name);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) fail(name, typeName(*value), "true or false");
  return value->get<bool>();
}

std::uint64_t JsonFields::integer(std::string_view name, std::uint64_t fallback, std::uint64_t min,
                                  std::uint64_t max) {
  const Json* value = find(name);
  return value == nullptr ? fallback : checkedInteger(*value, min, max, fileName_, pathOf(name));
}

void JsonFields::finish() const {
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string meant = didYouMean(name, known_);
    fail(name, "an unknown field", "one of " + listOf(known_),
         meant.empty() ? "correct its name or remove it" : meant);
  }
}

std::string JsonFields::pathOf(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void JsonFields::fail(std::string_view name, const std::string& found, const std::string& expected,
                      const std::string& fix) const {
  throw InputError(fileName_, pathOf(name), found, expected, fix);
}

std::uint64_t checkedInteger(const Json& value, std::uint64_t min, std::uint64_t max,
                             const std::string& fileName, const std::string& path) {
  const bool whole = value.is_number_unsigned();
  if (whole && value.get<std::uint64_t>() >= min && value.get<std::uint64_t>() <= max)
    return value.get<std::uint64_t>();
  throw InputError(fileName, path, typeName(value),
                   "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
}

std::string checkedText(const Json& value, const std::string& fileName, const std::string& path) {
  if (!value.is_string()) throw InputError(fileName, path, typeName(value), "a string");
  return value.get<std::string>();
}

}  // namespace leakgate
