#include "request/upload_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>

#include "h3http/error.hpp"
#include "memory/random_bytes.hpp"

namespace h3 {
namespace {

constexpr int kMaxNamesTried = 8;

[[noreturn]] void throwFor(int error, const std::string& what) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    throw HttpError(507, "the server has no room for this upload");
  throw std::system_error(error, std::system_category(), what);
}

std::string directoryOrDefault(std::string_view directory) {
  if (!directory.empty()) return std::string(directory);
  const char* const chosen = ::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
}

// What file systems say that have no O_TMPFILE, and kernels that do not know it.
bool lacksUnnamedFiles(int error) { return error == EOPNOTSUPP || error == EISDIR || error == ENOENT; }

std::string procPath(int descriptor) { return fmt::format("/proc/self/fd/{}", descriptor); }

}  // namespace

UploadFile::UploadFile(std::string_view directory, Kind kind) {
  const std::string folder = directoryOrDefault(directory);
  int error = EOPNOTSUPP;
  if (kind == Kind::unnamed) {
    descriptor_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    error = errno;
  }
  if (descriptor_ < 0 && lacksUnnamedFiles(error)) {
    name_ = folder + "/.h3-upload-XXXXXX";
    descriptor_ = ::mkostemp(name_.data(), O_CLOEXEC);
    error = errno;
  }
  if (descriptor_ < 0) throwFor(error, "cannot create a file for an upload in " + folder);
}

UploadFile::~UploadFile() {
  if (!name_.empty()) ::unlink(name_.c_str());
  ::close(descriptor_);
}

void UploadFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throwFor(errno, "cannot write an upload");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

int UploadFile::linkTo(const char* path) const noexcept {
  const bool isNamed = !name_.empty();
  char source[32];
  std::snprintf(source, sizeof source, "/proc/self/fd/%d", descriptor_);
  const int linked =
      ::linkat(AT_FDCWD, isNamed ? name_.c_str() : source, AT_FDCWD, path, isNamed ? 0 : AT_SYMLINK_FOLLOW);
  return linked == 0 ? 0 : errno;
}

// A link cannot replace a name, but a rename can.
void UploadFile::replace(const std::string& path) const {
  int error = EEXIST;
  std::string beside;
  for (int i = 0; error == EEXIST && i < kMaxNamesTried; ++i) {
    std::array<std::uint8_t, 8> random{};
    fillRandom(random);
    beside = fmt::format("{}.{:02x}", path, fmt::join(random, ""));
    error = linkTo(beside.c_str());
  }
  if (error == 0 && ::rename(beside.c_str(), path.c_str()) != 0) {
    error = errno;
    ::unlink(beside.c_str());
  }
  if (error != 0) throwFor(error, "cannot keep an upload as " + path);
}

void UploadFile::keepAs(const std::string& path, Existing existing, unsigned mode) const {
  if (::fchmod(descriptor_, static_cast<mode_t>(mode)) != 0)
    throwFor(errno, "cannot set the permissions of an upload");
  if (existing == Existing::replace) return replace(path);
  if (const int error = linkTo(path.c_str()); error != 0) throwFor(error, "cannot keep an upload as " + path);
}

StoredPart::StoredPart(std::string name, std::optional<std::string> filename, std::string contentType)
    : name_(std::move(name)), filename_(std::move(filename)), contentType_(std::move(contentType)) {}
StoredPart::StoredPart(StoredPart&&) noexcept = default;
StoredPart& StoredPart::operator=(StoredPart&&) noexcept = default;
StoredPart::~StoredPart() = default;

int StoredPart::descriptor() const noexcept { return file_ ? file_->descriptor() : -1; }

std::string StoredPart::path() const { return file_ ? procPath(file_->descriptor()) : std::string(); }

void StoredPart::keepAs(const std::string& path, Existing existing, unsigned mode) const {
  if (file_) return file_->keepAs(path, existing, mode);
  const std::size_t slash = path.rfind('/');
  UploadFile file(slash == std::string::npos ? "."
                  : slash == 0               ? "/"
                                             : std::string_view(path).substr(0, slash));
  file.append(bytes_);
  file.keepAs(path, existing, mode);
}

}  // namespace h3
