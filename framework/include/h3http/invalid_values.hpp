// InvalidValues: what was wrong with the values of a request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/error.hpp"

namespace h3 {

class Event;

/// Where a value of a request stands.
enum class ValuePlace : std::uint8_t { query, path, header, form, body };

/// "query", "path", "header", "form" or "body".
std::string_view toString(ValuePlace place) noexcept;

/// A value that is missing, or not what the program expects.
struct InvalidValue {
  ValuePlace place = ValuePlace::query;
  std::string name;  ///< of the value; in a body its JSON pointer (RFC 6901), "" for the whole body
  std::optional<std::string> found;  ///< as sent, cut to kMaxFoundBytes; "an array"; none: it is missing
  std::string expected;              ///< "an integer from 1 to 100"

  static constexpr std::size_t kMaxFoundBytes = 64;
};

/// Thrown when values of a request are missing or wrong: all of them, for one 400.
///
/// Without a function of your own (App::onInvalidValues) the response is sendInvalidValues(). Lifetime: its own
/// copies; independent of the event.
class InvalidValues : public HttpError {
 public:
  /// Values beyond these are counted only.
  static constexpr std::size_t kMaxListed = 32;

  /// `count`: of all wrong values, also those that are not listed.
  InvalidValues(std::vector<InvalidValue> listed, std::size_t count);

  const std::vector<InvalidValue>& listed() const noexcept { return *listed_; }
  std::size_t count() const noexcept { return count_; }

 private:
  std::shared_ptr<const std::vector<InvalidValue>> listed_;  // exceptions are copied
  std::size_t count_;
};

/// Gathers the wrong values of a request, so that one response lists all.
///
/// Allocates: nothing until a value is wrong.
class ValueFailures {
 public:
  void add(ValuePlace place, std::string_view name, std::optional<std::string_view> found,
           std::string expected);
  std::size_t count() const noexcept { return count_; }
  /// Errors: InvalidValues, when a value was wrong.
  void throwIfAny() {
    if (count_ != 0) [[unlikely]]
      throwAll();
  }
  [[noreturn]] void throwAll();

 private:
  std::vector<InvalidValue> listed_;
  std::size_t count_ = 0;
};

/// Responds to a request with wrong values. It may throw, as a handler may.
using InvalidValuesResponder = std::function<void(Event&, const InvalidValues&)>;

/// The response by default: 400 with problem details.
///
///     {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 value is not as expected",
///      "errors":[{"in":"query","name":"limit","found":"x","expected":"an integer from 1 to 100"}]}
///
/// A missing value has `"found":null`; a value of a JSON body has `"pointer"` in place of `"name"`. Source: RFC 9457.
void sendInvalidValues(Event& event, const InvalidValues& invalid);

}  // namespace h3
