#include "compression/media_types.hpp"

#include <algorithm>
#include <stdexcept>

#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3::compression {
namespace {

bool isToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), protocol::isTokenByte);
}

}  // namespace

MediaTypes::MediaTypes(const std::vector<std::string>& types) {
  for (const std::string& type : types) {
    const std::size_t slash = type.find('/');
    const bool isType = slash != std::string::npos && isToken(std::string_view(type).substr(0, slash)) &&
                        isToken(std::string_view(type).substr(slash + 1));
    if (type.size() > 1 && type.starts_with('+') && isToken(type)) {
      suffixes_.push_back(type);
    } else if (isType && type.ends_with("/*")) {
      kinds_.push_back(type.substr(0, slash + 1));
    } else if (isType) {
      whole_.push_back(type);
    } else {
      throw std::invalid_argument(
          "compress: media type \"" + type +
          R"(", expected one like "text/html", "text/*" or "+json", without parameters)");
    }
  }
}

bool MediaTypes::contains(std::string_view contentType) const {
  const std::string_view type = protocol::trimBlanks(contentType.substr(0, contentType.find(';')));
  const auto is = [type](std::string_view listed) { return equalsIgnoringCase(type, listed); };
  const auto begins = [type](std::string_view kind) {
    return equalsIgnoringCase(type.substr(0, kind.size()), kind);
  };
  const auto ends = [type](std::string_view suffix) {
    return type.size() > suffix.size() &&
           equalsIgnoringCase(type.substr(type.size() - suffix.size()), suffix);
  };
  return std::any_of(whole_.begin(), whole_.end(), is) || std::any_of(kinds_.begin(), kinds_.end(), begins) ||
         std::any_of(suffixes_.begin(), suffixes_.end(), ends);
}

}  // namespace h3::compression
