#include "request/form_storage.hpp"

#include <string>
#include <utility>

#include "h3http/error.hpp"
#include "request/upload_file.hpp"

namespace h3 {

void FormStorage::check(MultipartError error) {
  if (error != MultipartError::none)
    throw HttpError(error >= MultipartError::tooManyParts ? 413 : 400, std::string(describe(error)));
}

void FormStorage::onPartBegin(const PartHead& head) {
  if (head.filename && ++files_ > options_.files)
    throw HttpError(413, "a form has at most " + std::to_string(options_.files) + " files");
  std::optional<std::string> filename;
  if (head.filename) filename.emplace(*head.filename);
  parts_.emplace_back(std::string(head.name), std::move(filename), std::string(head.contentType));
  toDisk_ = false;
}

void FormStorage::onPartData(std::string_view bytes) {
  if (parts_.back().isFile()) return addFile(bytes);
  addField(bytes);
}

void FormStorage::addField(std::string_view bytes) {
  fieldBytes_ += bytes.size();
  if (fieldBytes_ > options_.fieldBytesInAll)
    throw HttpError(
        413, "the fields of a form have at most " + std::to_string(options_.fieldBytesInAll) + " bytes");
  StoredPart& part = parts_.back();
  part.bytes_.append(bytes);
  part.size_ += bytes.size();
}

void FormStorage::addFile(std::string_view bytes) {
  StoredPart& part = parts_.back();
  part.size_ += bytes.size();
  fileBytes_ += bytes.size();
  if (part.size_ > options_.fileBytes)
    throw HttpError(413, "a file of a form has at most " + std::to_string(options_.fileBytes) + " bytes");
  if (fileBytes_ > options_.fileBytesInAll)
    throw HttpError(413,
                    "the files of a form have at most " + std::to_string(options_.fileBytesInAll) + " bytes");
  const bool fits =
      part.size_ <= options_.memoryBytes && memoryBytes_ + bytes.size() <= options_.memoryBytesInAll;
  if (!toDisk_ && !fits) {
    toDisk_ = true;
    memoryBytes_ -= part.bytes_.size();
    unwrittenBytes_ += part.bytes_.size();
  }
  part.bytes_.append(bytes);
  if (!toDisk_) {
    memoryBytes_ += bytes.size();
    return;
  }
  unwrittenBytes_ += bytes.size();
  if (toWrite_.empty() || toWrite_.back() != parts_.size() - 1) toWrite_.push_back(parts_.size() - 1);
}

void FormStorage::write() {
  for (const std::size_t index : toWrite_) {
    StoredPart& part = parts_[index];
    if (!part.file_) part.file_ = std::make_unique<UploadFile>(options_.directory);
    part.file_->append(part.bytes_);
    part.bytes_.clear();
    if (index + 1 != parts_.size()) part.bytes_.shrink_to_fit();
  }
  toWrite_.clear();
  unwrittenBytes_ = 0;
}

std::optional<std::string_view> StoredForm::first(std::string_view name) const noexcept {
  for (const StoredPart& part : parts_)
    if (!part.isFile() && part.name() == name) return part.bytes();
  return std::nullopt;
}

const StoredPart* StoredForm::file(std::string_view name) const noexcept {
  for (const StoredPart& part : parts_)
    if (part.isFile() && part.name() == name && !(part.filename()->empty() && part.size() == 0)) return &part;
  return nullptr;
}

}  // namespace h3
