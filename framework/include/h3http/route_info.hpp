// RouteInfo: what is known about a route, for documents and for middleware.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "h3http/invalid_values.hpp"

namespace h3 {

/// A value that a route's handler reads: see ValueSource.
struct ValueInfo {
  ValuePlace place = ValuePlace::query;
  std::string name;
  bool required = true;
  std::string schema;  ///< a JSON Schema, as text; "{}" for a type that does not describe itself
};

/// A response that a route may give.
struct ResponseInfo {
  int status = 200;
  std::string description;
  std::string contentType;  ///< "": the response has no content, or any
  std::string schema;       ///< a JSON Schema, as text; "": any
};

/// What a route says about itself: by withValues(), and by the functions of RouteHandle.
///
/// Lifetime: that of the App, whose RouteHandle functions fill it. Threads: read by all once the App is frozen.
struct RouteInfo {
  std::string method;   ///< "GET", or a name of your own
  std::string pattern;  ///< with the prefix of App::mount()
  std::string summary;
  std::string description;
  std::string operationId;
  std::vector<std::string> tags;
  std::vector<std::pair<std::string, std::string>> values;  ///< of RouteHandle::meta()
  /// Names of schemes, one of which is enough; none: the route needs none; no value: as all routes.
  std::optional<std::vector<std::string>> security;
  std::vector<ValueInfo> parameters;
  std::string bodySchema;  ///< of a JSON body that the handler reads; "": none
  std::vector<ResponseInfo> responses;
  bool hidden = false;  ///< not in documents

  /// The value of a key; the last one that was set.
  std::optional<std::string_view> value(std::string_view key) const {
    for (auto at = values.rbegin(); at != values.rend(); ++at)
      if (at->first == key) return at->second;
    return std::nullopt;
  }
};

}  // namespace h3
