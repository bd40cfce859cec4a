// A temporary file that is removed, unless it gets a name.
#pragma once

#include <string>
#include <string_view>

#include "h3http/stored_form.hpp"

namespace h3 {

/// Owns a descriptor, and where there is no O_TMPFILE a name.
///
/// Errors: HttpError 507 when the disk or a quota is full; else std::system_error that names the directory or path.
class UploadFile {
 public:
  enum class Kind : std::uint8_t { unnamed, named };  ///< O_TMPFILE, or as where that is missing

  /// Mode 0600. `directory` "": $TMPDIR, or /tmp.
  explicit UploadFile(std::string_view directory, Kind kind = Kind::unnamed);
  ~UploadFile();
  UploadFile(const UploadFile&) = delete;
  UploadFile& operator=(const UploadFile&) = delete;

  void append(std::string_view bytes);
  /// See StoredPart::keepAs().
  void keepAs(const std::string& path, Existing existing, unsigned mode) const;
  int descriptor() const noexcept { return descriptor_; }

 private:
  int linkTo(const char* path) const noexcept;
  void replace(const std::string& path) const;

  std::string name_;  ///< "" without one
  int descriptor_ = -1;
};

}  // namespace h3
