// Takes a multipart body apart, piece by piece: small parts to memory, large files to the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "h3http/stored_form.hpp"

namespace h3 {

/// Does not write by itself: push() only collects, so that write() may run on another thread.
///
/// Errors: see receiveForm(). Threads: one at a time.
class FormStorage final : private MultipartHandler {
 public:
  /// As much may wait for the disk before mustWrite(), and a piece more.
  static constexpr std::size_t kUnwrittenBytes = 64 * 1024;

  FormStorage(std::string_view boundary, const StoredFormOptions& options)
      : options_(options), parser_(boundary, *this, options.multipart) {}

  void push(std::string_view piece) { check(parser_.push(piece)); }
  /// The body has ended.
  void finish() const { check(parser_.finish()); }
  bool mustWrite() const { return unwrittenBytes_ >= kUnwrittenBytes; }
  bool hasUnwritten() const { return !toWrite_.empty(); }
  /// Writes what waits for the disk.
  void write();
  /// After finish() and write().
  StoredForm take() { return StoredForm(std::move(parts_)); }

 private:
  void onPartBegin(const PartHead& head) override;
  void onPartData(std::string_view bytes) override;
  void onPartEnd() override {}
  void addField(std::string_view bytes);
  void addFile(std::string_view bytes);
  static void check(MultipartError error);

  StoredFormOptions options_;
  MultipartParser parser_;
  std::vector<StoredPart> parts_;
  std::vector<std::size_t> toWrite_;  ///< indexes of parts
  bool toDisk_ = false;               ///< the current part
  std::size_t files_ = 0;
  std::size_t fieldBytes_ = 0;
  std::size_t memoryBytes_ = 0;  ///< of files
  std::uint64_t fileBytes_ = 0;
  std::size_t unwrittenBytes_ = 0;
};

}  // namespace h3
