#include "scenario/step_fields.hpp"

#include <array>

#include "scenario/json_fields.hpp"
#include "scenario/latin1.hpp"
#include "scenario/limits.hpp"

namespace leakgate {
namespace {

using Json = nlohmann::ordered_json;

struct AbortName {
  AbortPoint point;
  const char* name;
};
constexpr std::array<AbortName, 4> kAbortNames{{{AbortPoint::midHeaders, "mid_headers"},
                                                {AbortPoint::afterHeaders, "after_headers"},
                                                {AbortPoint::midBody, "mid_body"},
                                                {AbortPoint::beforeResponse, "before_response"}}};

AbortPoint readAbort(JsonFields& fields) {
  const Json* value = fields.find("abort");
  if (value == nullptr || value->is_null()) return AbortPoint::none;
  for (const auto& [point, name] : kAbortNames) {
    if (*value == name) return point;
  }
  fields.fail("abort", shown(*value),
              R"(null, "mid_headers", "after_headers", "mid_body" or "before_response")");
}

int readStatus(const Json& value, const std::string& path, const std::string& file) {
  if (value.is_number_unsigned()) {
    const auto status = value.get<std::uint64_t>();
    if (status >= 100 && status <= 599) return static_cast<int>(status);
  }
  throw InputError(file, path, shown(value), "a status from 100 to 599, or a list of them",
                   "write for example 200 or [200, 404]; [] accepts any");
}

std::vector<int> readStatuses(const Json& value, const std::string& path, const std::string& file) {
  if (!value.is_array()) return {readStatus(value, path, file)};
  std::vector<int> statuses;
  for (std::size_t k = 0; k < value.size(); ++k) {
    statuses.push_back(readStatus(value[k], path + "[" + std::to_string(k) + "]", file));
  }
  return statuses;
}

Expect readExpect(const Json& json, const std::string& path, const std::string& file) {
  if (!json.is_object()) {
    throw InputError(file, path, shown(json), "null or an object", R"(write for example {"status": 200})");
  }
  JsonFields fields(json, path, file);
  Expect expect{{200}};
  const Json* status = fields.find("status");
  if (status != nullptr) expect.statuses = readStatuses(*status, fields.pathOf("status"), file);
  if (const Json* below = fields.find("below")) {
    if (status != nullptr) fields.fail("below", "it together with status", "one of the two", "remove one");
    expect.statuses.clear();
    expect.below = static_cast<int>(checkedInteger(*below, 101, 600, file, fields.pathOf("below")));
  }
  if (const Json* body = fields.find("body")) expect.body = checkedText(*body, file, fields.pathOf("body"));
  fields.finish();
  return expect;
}

void readHeaders(JsonFields& fields, Step& step) {
  const Json* headers = fields.find("headers");
  if (headers == nullptr) return;
  if (!headers->is_object()) fields.fail("headers", shown(*headers), "an object of strings");
  for (const auto& [name, value] : headers->items()) {
    step.headers.emplace_back(name,
                              checkedText(value, fields.fileName(), fields.pathOf("headers") + "." + name));
  }
}

void readConnection(JsonFields& fields, Step& step) {
  if (fields.find("keep_alive") != nullptr) step.keepAlive = fields.boolean("keep_alive", true);
  const Json* connection = fields.find("connection");
  if (connection == nullptr) return;
  if (*connection != "new") {
    fields.fail("connection", shown(*connection), R"("new")", "remove it to send over the one that is open");
  }
  step.newConnection = true;
}

void readRaw(JsonFields& fields, const Json& json, Step& step) {
  const Json* raw = fields.find("raw");
  if (raw == nullptr) return;
  step.raw = bytesFromText(checkedText(*raw, fields.fileName(), fields.pathOf("raw")));
  if (!step.raw) {
    fields.fail("raw", "a character above U+00FF", "characters that stand for one byte each",
                "write its UTF-8 bytes as \\u00XX");
  }
  for (const char* name : {"method", "path", "headers", "body", "version"}) {
    if (json.contains(name))
      fields.fail(name, "it together with raw", "raw alone", "raw is the whole request");
  }
}

}  // namespace

Step readStep(const Json& json, const std::string& path, const std::string& fileName) {
  JsonFields fields(json, path, fileName);
  Step step;
  step.name = fields.requireText("name");
  step.weight = static_cast<unsigned>(fields.integer("weight", step.weight, 1, kMaxWeight));
  step.method = fields.text("method", step.method);
  step.path = fields.text("path", step.path);
  readHeaders(fields, step);
  step.body = fields.text("body", "");
  step.version = fields.text("version", step.version);
  step.abort = readAbort(fields);
  step.stallMs = static_cast<std::uint32_t>(fields.integer("stall_ms", 0, 0, kMaxStallMs));
  step.slowReadMs = static_cast<std::uint32_t>(fields.integer("slow_read_ms", 0, 0, kMaxStallMs));
  readConnection(fields, step);
  readRaw(fields, json, step);
  const Json* expect = fields.find("expect");
  if (expect == nullptr && step.abort != AbortPoint::none) step.expect.reset();
  if (expect != nullptr && expect->is_null()) step.expect.reset();
  if (expect != nullptr && !expect->is_null())
    step.expect = readExpect(*expect, fields.pathOf("expect"), fileName);
  fields.finish();
  return step;
}

namespace {

Json expectToJson(const Expect& expect) {
  Json json = Json::object();
  if (expect.below != 0)
    json["below"] = expect.below;
  else if (expect.statuses.size() == 1)
    json["status"] = expect.statuses.front();
  else
    json["status"] = expect.statuses;
  if (expect.body) json["body"] = *expect.body;
  return json;
}

void requestToJson(const Step& step, Json& json) {
  const Step defaults;
  if (step.raw) {
    json["raw"] = textFromBytes(*step.raw);
    return;
  }
  if (step.method != defaults.method) json["method"] = step.method;
  json["path"] = step.path;
  for (const auto& [name, value] : step.headers) json["headers"][name] = value;
  if (!step.body.empty()) json["body"] = step.body;
  if (step.version != defaults.version) json["version"] = step.version;
}

}  // namespace

Json stepToJson(const Step& step) {
  Json json{{"name", step.name}};
  if (step.weight != 1) json["weight"] = step.weight;
  requestToJson(step, json);
  for (const auto& [point, name] : kAbortNames) {
    if (step.abort == point) json["abort"] = name;
  }
  if (step.stallMs != 0) json["stall_ms"] = step.stallMs;
  if (step.slowReadMs != 0) json["slow_read_ms"] = step.slowReadMs;
  if (step.keepAlive) json["keep_alive"] = *step.keepAlive;
  if (step.newConnection) json["connection"] = "new";
  const bool aborts = step.abort != AbortPoint::none;
  if (step.expect != (aborts ? std::nullopt : Step{}.expect)) {
    json["expect"] = step.expect ? expectToJson(*step.expect) : Json();
  }
  return json;
}

}  // namespace leakgate
