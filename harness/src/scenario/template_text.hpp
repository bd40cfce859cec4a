// Text with placeholders, compiled once and rendered per request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// Values of a template's placeholders in one request.
struct TemplateValues {
  std::uint64_t number = 0;      ///< {i}
  std::uint64_t connection = 0;  ///< {conn}
  std::uint64_t seed = 0;        ///< for {rand:N}
};

/// Exactly these forms are placeholders; every other brace is text, so that JSON bodies need no escaping:
///
///   {i}       running number of the request, warm-up included, from 0
///   {i:N}     the same modulo N
///   {rand:N}  0 to N-1, uniform, by seed, request and N only: equal in a path and in an expected body
///   {conn}    number of the connection, from 0
///   {fill:N}  N bytes 'x'
///   {grow:N}  (i modulo N) bytes 'x'
///
/// {{i}} renders as the text {i}, and so for the other forms.
/// Allocates: in compile() only; append() grows `out` when it is too small.
class TextTemplate {
 public:
  TextTemplate() = default;

  /// Errors: std::invalid_argument when N is out of range (1 to 2^63; fill and grow: 1 to 16 MiB).
  static TextTemplate compile(std::string_view text);

  void append(const TemplateValues& values, std::string& out) const;
  std::size_t size(const TemplateValues& values) const;

  /// An upper bound of size() for all requests.
  std::size_t maxSize() const;

  /// Whether the text between braces is one of the forms, whatever its number.
  static bool isPlaceholder(std::string_view inner) { return parsePlaceholder(inner).has_value(); }

 private:
  enum class Kind { text, number, numberModulo, random, connection, fill, grow };
  struct Segment {
    Kind kind = Kind::text;
    std::uint64_t argument = 0;
    std::string text;
  };

  static std::optional<Segment> parsePlaceholder(std::string_view inner);
  static void checkRange(const Segment& segment, std::string_view inner);
  static std::uint64_t valueOf(const Segment& segment, const TemplateValues& values);
  void addText(std::string_view text);

  std::vector<Segment> segments_;
};

/// `text` with every placeholder escaped, so that compiling it gives `text` back.
std::string escapeTemplate(std::string_view text);

/// The generator behind {rand:N} and the weighted order: 64 well mixed bits of two numbers.
/// Source: splitmix64, Steele, Lea and Flood, 2014.
std::uint64_t mix64(std::uint64_t seed, std::uint64_t number);

}  // namespace leakgate
