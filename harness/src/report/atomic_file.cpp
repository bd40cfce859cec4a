#include "report/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& doing, int error) {
  throw InputError(file.string() + ": cannot " + doing + ": " + std::strerror(error) +
                   "; check the folder, its permissions and the space left");
}

void writeAll(int descriptor, const std::filesystem::path& file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file, "write", errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Standard output or error, if the name refers to it: opened again, it would be overwritten from its start.
int ownDescriptorOf(const std::filesystem::path& file) {
  struct stat named {};
  struct stat own {};
  if (::stat(file.c_str(), &named) != 0) return -1;
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    const bool same =
        ::fstat(descriptor, &own) == 0 && own.st_dev == named.st_dev && own.st_ino == named.st_ino;
    if (same) return descriptor;
  }
  return -1;
}

// Writes to a device or a pipe, which must not be replaced by a file.
void writeInto(const std::filesystem::path& file, std::string_view content) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) fail(file, "open", errno);
  try {
    writeAll(descriptor, file, content);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  ::close(descriptor);
}

// The target of a link, whether it exists or not: the link stays.
std::filesystem::path linkedFile(const std::filesystem::path& file) {
  constexpr int kMaxLinks = 40;  // as the kernel's
  std::filesystem::path target = file;
  std::error_code error;
  for (int followed = 0; std::filesystem::is_symlink(std::filesystem::symlink_status(target, error));
       ++followed) {
    if (followed == kMaxLinks) fail(file, "follow the link", ELOOP);
    const auto link = std::filesystem::read_symlink(target, error);
    if (error) fail(target, "read the link", error.value());
    target = target.parent_path() / link;
  }
  return target;
}

// The nearest existing folder in which the file would be created.
std::filesystem::path nearestFolder(const std::filesystem::path& file) {
  std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  std::error_code error;
  while (folder.has_relative_path() && !std::filesystem::exists(folder, error)) folder = folder.parent_path();
  if (!std::filesystem::is_directory(folder, error)) fail(folder, "make a folder in a file", ENOTDIR);
  return folder;
}

// Writes nothing: a full device refuses even that. A pipe may have no reader yet.
void writeNothingInto(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENXIO && std::filesystem::is_fifo(file)) return;
  if (descriptor < 0) fail(file, "open", errno);
  const int error = ::write(descriptor, "", 0) < 0 ? errno : 0;
  ::close(descriptor);
  if (error != 0) fail(file, "write", error);
}

// An open temporary file, removed unless renamed to its final name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target)
      : target_(target), name_(target.string() + "." + std::to_string(::getpid()) + ".tmp") {
    descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail(name_, "create", errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(name_.c_str());
  }

  void write(std::string_view content) { writeAll(descriptor_, name_, content); }

  void finish() {
    if (::fsync(descriptor_) != 0) fail(name_, "sync", errno);
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail(name_, "close", errno);
    if (::rename(name_.c_str(), target_.c_str()) != 0) fail(target_, "rename to", errno);
    renamed_ = true;
  }

 private:
  std::filesystem::path target_;
  std::string name_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

}  // namespace

void writeAtomically(const std::filesystem::path& file, std::string_view content) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);  // of the target of a link
  if (const int own = ownDescriptorOf(file); own >= 0) {
    std::fflush(nullptr);  // earlier output comes first
    return writeAll(own, file, content);
  }
  if (std::filesystem::is_directory(status)) fail(file, "write a file in place of a folder", EISDIR);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return writeInto(file, content);
  const auto target = linkedFile(file);
  error.clear();
  if (target.has_parent_path()) std::filesystem::create_directories(target.parent_path(), error);
  if (error) fail(target.parent_path(), "make the folder", error.value());
  TemporaryFile temporary(target);
  temporary.write(content);
  temporary.finish();
}

void requireWritable(const std::filesystem::path& file) {
  if (ownDescriptorOf(file) >= 0) return;
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (std::filesystem::is_directory(status)) fail(file, "write a file in place of a folder", EISDIR);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return writeNothingInto(file);
  const auto target = linkedFile(file);
  if (!target.has_filename()) fail(file, "write a file without a name", EISDIR);
  const TemporaryFile probe(nearestFolder(target) / target.filename());
}

std::string readWhole(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error) throw InputError(file.string() + ": cannot read: " + error.message() + "; check the name");
  if (std::filesystem::is_directory(status)) throw InputError(file.string(), "", "a folder", "a file");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError(file.string() + ": cannot read: " + std::strerror(errno));
  std::string content;  // only a regular file has a size before it is read
  std::array<char, 1U << 16> chunk;
  while (in.read(chunk.data(), chunk.size()), in.gcount() > 0) {
    content.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (content.size() > kMaxReportFileBytes) {
      throw InputError(file.string(), "", "a longer file",
                       "at most " + std::to_string(kMaxReportFileBytes) + " bytes", "is this a report?");
    }
  }
  if (in.bad()) throw InputError(file.string() + ": cannot read: " + std::strerror(errno));
  return content;
}

}  // namespace leakgate
