// Multipart forms of any size: files go to the disk as they arrive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "h3http/event.hpp"
#include "h3http/multipart.hpp"

namespace h3 {

/// Where the files of a form go, and how much of them there may be. Beyond a limit: 413. The whole body is limited by its
/// route: RouteHandle::streamBody(maxBytes).
struct StoredFormOptions {
  /// For files on disk: on the file system where they are to be kept, see StoredPart::keepAs(). "": $TMPDIR, or /tmp.
  /// Lifetime: until the form is received; a literal, or a member of the app's own.
  std::string_view directory = {};
  std::size_t memoryBytes = 64 * 1024;               ///< a larger file goes to the disk. 0: every one
  std::size_t memoryBytesInAll = 1024 * 1024;        ///< of all files in memory; further ones go to the disk
  std::uint64_t fileBytes = std::uint64_t{1} << 30;  ///< of one file
  std::uint64_t fileBytesInAll = std::uint64_t{1} << 32;
  std::size_t files = 16;
  std::size_t fieldBytesInAll = 1024 * 1024;  ///< of what is no file; it stays in memory
  MultipartLimits multipart = {};             ///< parts, their fields and names
};

class UploadFile;

/// What keepAs() does with a file that is there already.
enum class Existing : std::uint8_t {
  refuse,  ///< std::system_error with EEXIST
  replace  ///< readers see the old file or the new one, whole
};

/// A field of a form, or a file: in memory, or in a temporary file of mode 0600.
///
/// The file has no name (O_TMPFILE), so it is gone with the object, also when the process is killed. File systems without
/// O_TMPFILE, such as NFS, get one named .h3-upload-*, which a killed process leaves behind.
/// Lifetime: the form's.
class StoredPart {
 public:
  StoredPart(std::string name, std::optional<std::string> filename, std::string contentType);
  StoredPart(StoredPart&&) noexcept;
  StoredPart& operator=(StoredPart&&) noexcept;
  ~StoredPart();

  std::string_view name() const noexcept { return name_; }
  /// As the client says: text to show, never a path to use.
  std::optional<std::string_view> filename() const noexcept { return filename_; }
  std::string_view contentType() const noexcept { return contentType_; }
  bool isFile() const noexcept { return filename_.has_value(); }
  std::uint64_t size() const noexcept { return size_; }  ///< in bytes

  bool isOnDisk() const noexcept { return file_ != nullptr; }
  /// All of it, if it is in memory; else "".
  std::string_view bytes() const noexcept { return bytes_; }
  /// Open for reading and writing, if it is on disk; else -1. Use pread(): its position is the end.
  int descriptor() const noexcept;
  /// /proc/self/fd/N, to be opened by this process; "" if it is in memory.
  std::string path() const;

  /// Gives it this name, atomically: the file is there whole or not at all. It may be kept under several.
  ///
  /// Blocks for one or two system calls, and for the writing if it is in memory: see h3::blocking(). The bytes are not synced.
  /// Errors: std::system_error, with EXDEV when `path` is on another file system than StoredFormOptions::directory;
  /// HttpError 507 when the disk is full. `mode`: permissions, whatever the umask.
  void keepAs(const std::string& path, Existing existing = Existing::refuse, unsigned mode = 0600) const;

 private:
  friend class FormStorage;

  std::string name_;
  std::optional<std::string> filename_;
  std::string contentType_;
  std::uint64_t size_ = 0;
  std::string bytes_;  ///< of a file on disk: what has not been written
  std::unique_ptr<UploadFile> file_;
};

/// The parts of a form, in the order sent. Its files are removed with it, but for those that were kept.
class StoredForm {
 public:
  explicit StoredForm(std::vector<StoredPart> parts) : parts_(std::move(parts)) {}

  const std::vector<StoredPart>& parts() const noexcept { return parts_; }
  /// The value of the first field of that name that is no file.
  std::optional<std::string_view> first(std::string_view name) const noexcept;
  /// The first file of that name; null also when the user chose none.
  const StoredPart* file(std::string_view name) const noexcept;

 private:
  std::vector<StoredPart> parts_;
};

/// Receives a multipart form on a route with RouteHandle::streamBody(), in the memory of its fields, of its small files,
/// and of at most 64 KiB that are not yet on the disk; the client is slowed down to the speed of the disk.
///
///     app.post("/photos", [](h3::Event& event) -> boost::asio::awaitable<std::string> {
///       const h3::StoredForm form = co_await h3::receiveForm(event, {.directory = "/srv/photos"});
///       const h3::StoredPart* const photo = form.file("photo");
///       if (photo == nullptr) throw h3::HttpError(400, "photo: expected a file");
///       photo->keepAs("/srv/photos/" + newName());
///       co_return "kept";
///     }).streamBody(std::uint64_t{1} << 32);
///
/// The disk is written by threads of h3::blocking(). However the handler ends (client gone, deadline, exception), the
/// files are gone with the form. Errors: HttpError 415 for another content type, 400 for a malformed body, 413 beyond a limit,
/// 507 when the disk is full, 503 when the pool's queue is; std::system_error for other errors of the disk.
/// Allocates: the strings of the parts. Threads: the event's worker.
boost::asio::awaitable<StoredForm, boost::asio::any_io_executor> receiveForm(Event& event,
                                                                             StoredFormOptions options = {});

/// The same by a callback, which responds; see receiveBody(). The disk is written on the event's worker, where a slow one
/// holds up its other connections.
void receiveForm(Event& event, const StoredFormOptions& options, std::function<void(StoredForm form)> done);

}  // namespace h3
