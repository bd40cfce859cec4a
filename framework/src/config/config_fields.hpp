// The fields of a Config by name, to be set from texts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/load_config.hpp"

namespace h3 {

/// What a value is in JSON.
enum class ConfigKind : std::uint8_t { boolean, number, text, list };

/// "true or false", "a number", "a text", "a list of texts".
std::string_view describe(ConfigKind kind);

/// One field.
///
/// Lifetime: that of the Config, or of the program's own value.
struct ConfigField {
  std::string name;  ///< "limits.bodyBytes"
  ConfigKind kind;
  std::string help;      ///< one line
  std::string expected;  ///< of a text that set() refuses, such as "a whole number"
  /// Returns false when the text is not one of this field; the field is unchanged then. Not for lists.
  std::function<bool(std::string_view text)> set;
  std::function<void(std::vector<std::string> texts)> setList;  ///< for lists alone
  std::function<std::string()> get;                             ///< as JSON text
};

/// All fields but those that are code (monitor.onDrift), in the order of config.hpp, then the program's own.
std::vector<ConfigField> fieldsOf(Config& config, const std::vector<OwnSetting>& own);

/// "limits.bodyBytes" -> "LIMITS_BODY_BYTES".
std::string variableName(std::string_view field);

}  // namespace h3
