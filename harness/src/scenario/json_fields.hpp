// Checked access to the fields of a user's JSON object.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/input_error.hpp"

namespace leakgate {

/// Parses a user's JSON: comments are allowed; a syntax error names line and column; a duplicate key is an
/// error. Errors: InputError.
nlohmann::ordered_json parseJsonFile(std::string_view text, const std::string& fileName);

/// One JSON object with its place in the file ("steps[2].expect"). Remembers which fields were read, so that
/// finish() can name the others. Lifetime: borrows the JSON value and the file name. Errors: every function
/// throws InputError with file, field path, found, expected and fix.
class JsonFields {
 public:
  using Json = nlohmann::ordered_json;

  JsonFields(const Json& object, std::string path, const std::string& fileName);

  const Json* find(std::string_view name);  ///< nullptr when absent
  const Json& require(std::string_view name, std::string_view expected);

  std::string text(std::string_view name, std::string fallback);
  std::string requireText(std::string_view name);
  bool boolean(std::string_view name, bool fallback);
  std::uint64_t integer(std::string_view name, std::uint64_t fallback, std::uint64_t min, std::uint64_t max);

  /// Reports the first field that was not read.
  void finish() const;

  std::string pathOf(std::string_view name) const;
  const std::string& fileName() const { return fileName_; }
  [[noreturn]] void fail(std::string_view name, const std::string& found, const std::string& expected,
                         const std::string& fix = "") const;

 private:
  const Json& object_;
  std::string path_;
  const std::string& fileName_;
  std::vector<std::string> known_;
};

/// A value's JSON, shortened for a message.
std::string shown(const nlohmann::ordered_json& value);

/// Throws InputError unless `value` is a whole number from min to max.
std::uint64_t checkedInteger(const nlohmann::ordered_json& value, std::uint64_t min, std::uint64_t max,
                             const std::string& fileName, const std::string& path);

/// Throws InputError unless `value` is a string.
std::string checkedText(const nlohmann::ordered_json& value, const std::string& fileName,
                        const std::string& path);

}  // namespace leakgate
