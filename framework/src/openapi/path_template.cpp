#include "openapi/path_template.hpp"

#include <algorithm>

#include "h3http/detail/route_pattern.hpp"

namespace h3::openapi {
namespace {

using Kind = PatternSegment::Kind;

constexpr std::string_view kSyntaxBytes = "^$\\.*+?()[]{}|/";

bool isSyntax(char c) { return kSyntaxBytes.find(c) != std::string_view::npos; }

// A name of our own must not be one of the pattern's.
std::string freeName(std::string name, const RoutePattern& pattern) {
  const auto isTaken = [&](const PatternSegment& segment) {
    return segment.kind != Kind::literal && segment.text == name;
  };
  while (std::any_of(pattern.segments().begin(), pattern.segments().end(), isTaken)) name += "_";
  return name;
}

PathParameter parameterOf(const PatternSegment& segment, std::size_t number, const RoutePattern& pattern) {
  PathParameter parameter;
  parameter.isRest = segment.kind == Kind::rest;
  parameter.name = segment.text;
  if (parameter.name.empty())
    parameter.name = freeName(parameter.isRest ? "rest" : "segment" + std::to_string(number), pattern);
  if (!segment.constraint.empty()) parameter.pattern = "^" + expressionOf(segment.constraint) + "$";
  return parameter;
}

PathTemplate templateOf(const RoutePattern& pattern, std::size_t segments) {
  PathTemplate path;
  path.parts.emplace_back();
  std::size_t wildcards = 0;
  for (const PatternSegment& segment : pattern.segments().first(segments)) {
    path.parts.back() += "/";
    if (segment.kind == Kind::literal) {
      path.parts.back() += segment.text;
      continue;
    }
    if (segment.kind == Kind::wildcard) ++wildcards;
    path.parameters.push_back(parameterOf(segment, wildcards, pattern));
    path.parts.emplace_back();
  }
  if (path.parts.size() == 1 && path.parts[0].empty()) path.parts[0] = "/";
  return path;
}

}  // namespace

std::string PathTemplate::text() const {
  std::string text = parts[0];
  for (std::size_t i = 0; i < parameters.size(); ++i) text += "{" + parameters[i].name + "}" + parts[i + 1];
  return text;
}

std::string PathTemplate::shape() const {
  std::string text = parts[0];
  for (std::size_t i = 0; i < parameters.size(); ++i) text += "{}" + parts[i + 1];
  return text;
}

std::vector<PathTemplate> templatesOf(std::string_view pattern) {
  const RoutePattern parsed(pattern);
  const std::size_t count = parsed.segments().size();
  std::vector<PathTemplate> paths;
  if (parsed.lastIsOptional()) paths.push_back(templateOf(parsed, count - 1));
  paths.push_back(templateOf(parsed, count));
  return paths;
}

std::string expressionOf(std::string_view constraint) {
  std::string expression;
  bool inClass = false;
  for (std::size_t i = 0; i < constraint.size(); ++i) {
    const char c = constraint[i];
    if (c == '\\' && i + 1 < constraint.size()) {
      const char escaped = constraint[++i];
      const bool keeps = escaped == 'd' || escaped == 'w' || isSyntax(escaped) || (inClass && escaped == '-');
      if (keeps) expression += '\\';
      expression += escaped;
      continue;
    }
    if (inClass ? c == ']' : c == '[') {
      inClass = !inClass;
    } else if (!inClass && (c == ']' || c == '}') &&
               (c == ']' || expression.find('{') == std::string::npos)) {
      expression += '\\';
    }
    expression += c;
  }
  return expression;
}

}  // namespace h3::openapi
