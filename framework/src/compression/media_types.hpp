// Which media types are to be compressed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace h3::compression {

/// A list of media types, of kinds ("text/*") and of suffixes ("+json").
///
/// Threads: any; immutable. Errors: std::invalid_argument for anything else.
class MediaTypes {
 public:
  explicit MediaTypes(const std::vector<std::string>& types);

  /// `contentType` may have parameters; any case.
  bool contains(std::string_view contentType) const;

 private:
  std::vector<std::string> whole_;
  std::vector<std::string> kinds_;     ///< "text/"
  std::vector<std::string> suffixes_;  ///< "+json"
};

}  // namespace h3::compression
