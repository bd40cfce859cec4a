// What a router finds, as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "routing/router.hpp"

namespace h3::test {

// "3 id=42 rest=a/b", "404", or "405 GET, HEAD + PROPFIND".
inline std::string describe(const Router& router, const RouteMatch& match, const RouteParams& params,
                            std::string_view path) {
  if (match.outcome == RouteMatch::Outcome::notFound) return "404";
  if (match.outcome == RouteMatch::Outcome::methodNotAllowed) {
    std::string text = "405 ";
    match.allowed.appendTo(text);
    const auto others = router.otherMethodsAt(path);
    if (others.any()) text.append(" +");
    for (std::size_t i = 0; i < router.otherMethods().count(); ++i)
      if (others[i]) text.append(" ").append(router.otherMethods()[i]);
    return text;
  }
  std::string text = std::to_string(match.routeId);
  for (std::size_t i = 0; i < params.size(); ++i)
    text.append(" ").append(params[i].name).append("=").append(params[i].value);
  return text;
}

inline std::string found(const Router& router, Method method, std::string_view path) {
  RouteParams params;
  const RouteMatch match = router.find(method, path, params);
  return describe(router, match, params, path);
}

inline std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

inline Router routerOf(const std::vector<const char*>& patterns) {
  Router router;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) router.add(Method::get, patterns[i], i);
  router.freeze();
  return router;
}

}  // namespace h3::test
