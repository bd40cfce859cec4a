#include "config/config_text.hpp"

#include <nlohmann/json.hpp>

namespace h3 {

bool readBoolean(std::string_view text, bool& out) {
  const bool yes = text == "true" || text == "yes" || text == "on" || text == "1";
  if (!yes && text != "false" && text != "no" && text != "off" && text != "0") return false;
  out = yes;
  return true;
}

bool readOctal(std::string_view text, unsigned& out) {
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number, 8);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return false;
  out = number;
  return true;
}

std::string inQuotes(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace h3
