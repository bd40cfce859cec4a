// One version of a file in HTTP, and the evaluation of a request's conditional fields (RFC 9110 13).
#pragma once

#include <cstdint>
#include <ctime>
#include <string_view>

#include "h3http/event.hpp"
#include "static_files/entity_tag.hpp"

namespace h3 {

/// ETag and Last-Modified of a file.
class FileVersion {
 public:
  enum class Precondition : std::uint8_t {
    holds,        ///< serve the request
    notModified,  ///< 304
    failed        ///< 412
  };

  /// `now`: replaces a Last-Modified in the future (RFC 9110 8.8.2.1).
  /// `coding`: see EntityTag.
  FileVersion(std::uint64_t size, std::timespec modified, std::time_t now, std::string_view coding = {});

  /// Sets ETag and Last-Modified.
  void describe(Event& event) const;

  /// Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of RFC
  /// 9110 13.2.2.
  Precondition evaluate(const Event& event) const;

  /// Whether a Range field counts: no If-Range, or one that names this version. A date is a strong validator
  /// only if the file has not changed since (RFC 9110 13.1.5, 8.8.2.2).
  bool allowsRange(const Event& event) const;

 private:
  EntityTag tag_;
  std::time_t modified_;
  std::time_t now_;
};

}  // namespace h3
