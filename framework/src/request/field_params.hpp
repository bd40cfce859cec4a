// The parameters of a field value: `; name=value; name="quoted value"` (RFC 9110 5.6.6).
#pragma once

#include <cstdint>
#include <string_view>

namespace h3 {

/// Reads parameters one after the other.
///
/// Lifetime: names and values are views into the text. Errors: State::wrong for anything but parameters; "bad
/// whitespace" around '=' is wrong, an empty parameter (";;") is skipped.
class FieldParams {
 public:
  enum class State : std::uint8_t { found, end, wrong };

  enum class Begin : std::uint8_t { semicolon, name };

  /// `text` follows a value and begins with ';', or it begins with the first name.
  explicit FieldParams(std::string_view text, Begin begin = Begin::semicolon)
      : rest_(text), needsSemicolon_(begin == Begin::semicolon) {}

  /// The next one is in name() and value().
  State next();
  std::string_view name() const { return name_; }
  /// Without the quotes; escapes as sent.
  std::string_view value() const { return value_; }
  bool isQuoted() const { return isQuoted_; }

 private:
  bool readValue();

  std::string_view rest_;
  std::string_view name_;
  std::string_view value_;
  bool needsSemicolon_;
  bool isQuoted_ = false;
};

/// The longest start of `text` that is a token.
std::string_view leadingToken(std::string_view text);

}  // namespace h3
