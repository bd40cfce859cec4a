// Whether a content type is JSON.
#pragma once

#include <string_view>

#include "http/ascii_case.hpp"

namespace h3 {

/// "application/json" and what ends in "+json", with or without parameters.
inline bool isJsonType(std::string_view contentType) {
  std::string_view type = contentType.substr(0, contentType.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  const bool suffix = type.size() > 5 && equalsIgnoringCase(type.substr(type.size() - 5), "+json");
  return suffix || equalsIgnoringCase(type, "application/json");
}

}  // namespace h3
