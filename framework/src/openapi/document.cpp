#include "openapi/document.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "openapi/operation.hpp"

namespace h3::openapi {
namespace {

[[noreturn]] void refuse(const std::string& problem) { throw std::invalid_argument("openApi: " + problem); }

bool isSchemeName(std::string_view name) {
  const auto isAllowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), isAllowed);
}

Json schemeOf(const SecurityScheme& scheme) {
  using Kind = SecurityScheme::Kind;
  Json json = Json::object();
  const bool isHttp = scheme.kind == Kind::basic || scheme.kind == Kind::bearer;
  json["type"] = isHttp ? "http" : "apiKey";
  if (!scheme.description.empty()) json["description"] = scheme.description;
  if (isHttp) {
    json["scheme"] = scheme.kind == Kind::basic ? "basic" : "bearer";
    if (!scheme.format.empty()) json["bearerFormat"] = scheme.format;
    return json;
  }
  if (scheme.field.empty())
    refuse("security scheme \"" + scheme.name +
           "\": the name of its cookie, header or query parameter is missing");
  json["name"] = scheme.field;
  json["in"] = scheme.kind == Kind::cookie ? "cookie" : scheme.kind == Kind::header ? "header" : "query";
  return json;
}

// RFC 9457 3, with the "errors" of sendInvalidValues().
Json problemSchema() {
  const Json text = {{"type", "string"}};
  Json error = {{"type", "object"},
                {"required", {"in", "found", "expected"}},
                {"properties",
                 {{"in", {{"type", "string"}, {"enum", {"query", "path", "header", "form", "body"}}}},
                  {"name", text},
                  {"pointer", text},
                  {"found", {{"type", {"string", "null"}}}},
                  {"expected", text}}}};
  return {{"type", "object"},
          {"required", {"type", "title", "status"}},
          {"properties",
           {{"type", {{"type", "string"}, {"format", "uri-reference"}, {"default", "about:blank"}}},
            {"title", text},
            {"status", {{"type", "integer"}, {"minimum", 400}, {"maximum", 599}}},
            {"detail", text},
            {"instance", {{"type", "string"}, {"format", "uri-reference"}}},
            {"errors", {{"type", "array"}, {"items", std::move(error)}}}}}};
}

class Document {
 public:
  explicit Document(const OpenApiOptions& options) : options_(options) {
    if (options.title.empty() || options.version.empty()) refuse("title and version must not be empty");
    for (const SecurityScheme& scheme : options.securitySchemes) {
      if (!isSchemeName(scheme.name) || !schemes_.insert(scheme.name).second)
        refuse("security scheme \"" + scheme.name +
               "\": expected a name of letters, digits, '.', '-' and '_' that no other has");
    }
    requireSchemes(options.security, "OpenApiOptions::security");
  }

  void add(const RouteInfo& route) {
    const std::string_view field = fieldOfMethod(route.method);
    if (route.hidden || field.empty()) return;
    const std::string where = route.method + " \"" + route.pattern + '"';
    if (route.security) requireSchemes(*route.security, where);
    if (!route.operationId.empty() && !operationIds_.insert(route.operationId).second)
      refuse(where + ": operationId \"" + route.operationId + "\" is there already");
    for (const std::string& tag : route.tags)
      if (std::find(tags_.begin(), tags_.end(), tag) == tags_.end()) tags_.push_back(tag);
    const std::vector<PathTemplate> paths = templatesOf(route.pattern);
    for (std::size_t i = 0; i < paths.size(); ++i)
      addOperation(route, paths[i], field, i + 1 != paths.size());
  }

  std::string text() {
    Json json = {{"openapi", "3.1.0"}, {"info", {{"title", options_.title}, {"version", options_.version}}}};
    if (!options_.description.empty()) json["info"]["description"] = options_.description;
    for (const std::string& server : options_.servers) json["servers"].push_back({{"url", server}});
    for (const std::string& scheme : options_.security) json["security"].push_back({{scheme, Json::array()}});
    for (const std::string& tag : tags_) json["tags"].push_back({{"name", tag}});
    json["paths"] = std::move(paths_);
    Json& components = json["components"];
    components["schemas"]["Problem"] = problemSchema();
    components["responses"]["InvalidValues"] = {
        {"description", "Values are missing or not as expected; `errors` lists them."},
        {"content",
         {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
    for (const SecurityScheme& scheme : options_.securitySchemes)
      components["securitySchemes"][scheme.name] = schemeOf(scheme);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  void requireSchemes(const std::vector<std::string>& names, const std::string& where) const {
    for (const std::string& name : names)
      if (schemes_.count(name) == 0)
        refuse(std::string(where)
                   .append(": security scheme \"")
                   .append(name)
                   .append("\" is not in OpenApiOptions::securitySchemes"));
  }

  // Paths of one shape are one path, with the names of the first. `isShort`: without its optional parameter, the same
  // operation again, whose id must not come twice.
  void addOperation(const RouteInfo& route, PathTemplate path, std::string_view field, bool isShort) {
    const PathTemplate& first = shapes_.try_emplace(path.shape(), path).first->second;
    Json& item = paths_[first.text()];
    if (item.contains(field)) return;
    RouteInfo shown = route;
    if (isShort) shown.operationId.clear();
    for (std::size_t i = 0; i < path.parameters.size(); ++i) {
      const std::string& name = first.parameters[i].name;
      for (ValueInfo& value : shown.parameters)
        if (value.place == ValuePlace::path && value.name == path.parameters[i].name) value.name = name;
      path.parameters[i].name = name;
    }
    item[std::string(field)] = operationOf(shown, path);
  }

  const OpenApiOptions& options_;
  std::set<std::string, std::less<>> schemes_;
  std::set<std::string, std::less<>> operationIds_;
  std::vector<std::string> tags_;  ///< in the order of their first use
  std::map<std::string, PathTemplate> shapes_;
  Json paths_ = Json::object();
};

}  // namespace

std::string documentOf(const std::vector<RouteInfo>& routes, const OpenApiOptions& options) {
  Document document(options);
  for (const RouteInfo& route : routes) document.add(route);
  return document.text();
}

}  // namespace h3::openapi
