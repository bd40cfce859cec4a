// Route patterns as OpenAPI writes paths.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace h3::openapi {

/// A part of a path in braces.
struct PathParameter {
  std::string name;
  std::string pattern;  ///< an ECMA-262 expression for the whole value; "": any
  bool isRest = false;  ///< of '**': it may hold slashes
};

/// A path of an OpenAPI document. Source: OpenAPI 3.1.1, 4.8.8 (paths with the same shape are identical).
struct PathTemplate {
  std::vector<std::string> parts;  ///< literal texts around the parameters: one more than these
  std::vector<PathParameter> parameters;

  std::string text() const;   ///< "/notes/{id}"
  std::string shape() const;  ///< "/notes/{}"
};

/// One path; of a pattern whose last parameter is optional two, the shorter first. Errors: RoutePatternError.
std::vector<PathTemplate> templatesOf(std::string_view pattern);

/// A constraint of a segment as an expression with the u flag, which allows no needless escapes: "\-" is "-".
std::string expressionOf(std::string_view constraint);

}  // namespace h3::openapi
