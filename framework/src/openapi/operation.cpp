#include "openapi/operation.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/status.hpp"

namespace h3::openapi {
namespace {

constexpr const char* kProblem = "application/problem+json";

Json schemaOf(const RouteInfo& route, const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& failure) {
    throw std::invalid_argument("openApi: " + route.method + " \"" + route.pattern +
                                "\": a schema is no JSON: " + failure.what());
  }
}

Json pathParameter(const RouteInfo& route, const PathParameter& parameter) {
  Json schema = {{"type", "string"}};
  for (const ValueInfo& value : route.parameters)
    if (value.place == ValuePlace::path && value.name == parameter.name)
      schema = schemaOf(route, value.schema);
  const auto type = schema.find("type");
  if (!parameter.pattern.empty() && type != schema.end() && *type == "string")
    schema["pattern"] = parameter.pattern;
  Json json = {{"name", parameter.name}, {"in", "path"}, {"required", true}};
  if (parameter.isRest) json["description"] = "All that follows, slashes included.";
  json["schema"] = std::move(schema);
  return json;
}

Json parametersOf(const RouteInfo& route, const PathTemplate& path) {
  Json list = Json::array();
  for (const PathParameter& parameter : path.parameters) list.push_back(pathParameter(route, parameter));
  for (const ValueInfo& value : route.parameters) {
    if (value.place != ValuePlace::query && value.place != ValuePlace::header) continue;
    Json json = {{"name", value.name}, {"in", toString(value.place)}};
    if (value.required) json["required"] = true;
    json["schema"] = schemaOf(route, value.schema);
    list.push_back(std::move(json));
  }
  return list;
}

Json formOf(const RouteInfo& route) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const ValueInfo& value : route.parameters) {
    if (value.place != ValuePlace::form) continue;
    properties[value.name] = schemaOf(route, value.schema);
    if (value.required) required.push_back(value.name);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

bool readsForm(const RouteInfo& route) {
  return std::any_of(route.parameters.begin(), route.parameters.end(),
                     [](const ValueInfo& value) { return value.place == ValuePlace::form; });
}

Json bodyOf(const RouteInfo& route) {
  Json content = Json::object();
  if (!route.bodySchema.empty()) content["application/json"]["schema"] = schemaOf(route, route.bodySchema);
  if (readsForm(route)) {
    const Json form = formOf(route);
    content["application/x-www-form-urlencoded"]["schema"] = form;
    content["multipart/form-data"]["schema"] = form;
  }
  return {{"required", true}, {"content", std::move(content)}};
}

Json responseOf(const RouteInfo& route, const ResponseInfo& response) {
  Json json = {{"description", response.description}};
  if (response.description.empty()) json["description"] = reasonPhrase(response.status);
  if (response.contentType.empty()) return json;
  Json& content = json["content"][response.contentType];
  content = Json::object();
  if (!response.schema.empty()) {
    content["schema"] = schemaOf(route, response.schema);
  } else if (response.contentType == kProblem) {
    content["schema"]["$ref"] = "#/components/schemas/Problem";
  }
  return json;
}

// What H3 itself responds is there too: a 400 for wrong values, in problem details.
Json responsesOf(const RouteInfo& route) {
  Json responses = Json::object();
  for (const ResponseInfo& response : route.responses)
    responses[std::to_string(response.status)] = responseOf(route, response);
  const auto isSuccess = [](const ResponseInfo& response) { return response.status < 400; };
  if (std::none_of(route.responses.begin(), route.responses.end(), isSuccess))
    responses["2XX"] = {{"description", "Success"}};
  const bool readsValues = !route.parameters.empty() || !route.bodySchema.empty();
  if (readsValues && !responses.contains("400"))
    responses["400"]["$ref"] = "#/components/responses/InvalidValues";
  return responses;
}

}  // namespace

std::string_view fieldOfMethod(std::string_view method) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kFields = {{{"GET", "get"},
                                                                                     {"PUT", "put"},
                                                                                     {"POST", "post"},
                                                                                     {"DELETE", "delete"},
                                                                                     {"OPTIONS", "options"},
                                                                                     {"HEAD", "head"},
                                                                                     {"PATCH", "patch"}}};
  for (const auto& [name, field] : kFields)
    if (name == method) return field;
  return {};
}

Json operationOf(const RouteInfo& route, const PathTemplate& path) {
  Json json = Json::object();
  if (!route.tags.empty()) json["tags"] = route.tags;
  if (!route.summary.empty()) json["summary"] = route.summary;
  if (!route.description.empty()) json["description"] = route.description;
  if (!route.operationId.empty()) json["operationId"] = route.operationId;
  Json parameters = parametersOf(route, path);
  if (!parameters.empty()) json["parameters"] = std::move(parameters);
  if (!route.bodySchema.empty() || readsForm(route)) json["requestBody"] = bodyOf(route);
  json["responses"] = responsesOf(route);
  if (route.security) {
    json["security"] = Json::array();
    for (const std::string& scheme : *route.security) json["security"].push_back({{scheme, Json::array()}});
  }
  for (const auto& [key, value] : route.values)
    if (key.starts_with("x-")) json[key] = value;
  return json;
}

}  // namespace h3::openapi
