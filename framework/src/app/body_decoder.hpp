// Decodes request bodies that have a Content-Encoding.
#pragma once

#include <cstdint>
#include <string_view>

namespace h3 {

class Event;

/// What App::decodeBodies() takes.
///
/// Threads: any; immutable.
class BodyDecoder {
 public:
  virtual ~BodyDecoder() = default;

  /// What it decodes, as a list for Accept-Encoding.
  virtual std::string_view codings() const = 0;
  /// Whether it can decode the body, as far as the head tells.
  virtual bool accepts(const Event& event) const = 0;
  /// Puts the content in the place of the body, at most `maxBytes`. Returns 0, or the status to refuse the request with:
  /// clients choose how often this happens, and an exception costs heap. Errors: std::bad_alloc.
  virtual int decode(Event& event, std::uint64_t maxBytes) const = 0;
};

}  // namespace h3
