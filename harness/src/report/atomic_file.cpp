#include "report/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

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

// Standard output or error, when it is what the name leads to: opened anew it would be written from its
// start.
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

// A device or a pipe: another in its place would not be what the user named.
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

// The file that a link leads to: the link stays.
std::filesystem::path linkedFile(const std::filesystem::path& file) {
  std::error_code error;
  const auto target = std::filesystem::canonical(file, error);
  return error ? file : target;
}

// An open temporary file, removed unless it was renamed to its final name.
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
  const auto status = std::filesystem::status(file, error);  // of what a link leads to
  if (const int own = ownDescriptorOf(file); own >= 0) {
    std::fflush(nullptr);  // what was printed before
    return writeAll(own, file, content);
  }
  if (std::filesystem::is_directory(status)) fail(file, "write a file in place of a folder", EISDIR);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return writeInto(file, content);
  error.clear();
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  if (error) fail(file.parent_path(), "make the folder", error.value());
  TemporaryFile temporary(linkedFile(file));
  temporary.write(content);
  temporary.finish();
}

std::string readWhole(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) throw InputError(file.string() + ": cannot read: " + error.message() + "; check the name");
  if (size > kMaxReportFileBytes) {
    throw InputError(file.string(), "", std::to_string(size) + " bytes",
                     "at most " + std::to_string(kMaxReportFileBytes), "is this a report?");
  }
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in) throw InputError(file.string() + ": cannot read: " + std::strerror(errno));
  return content.str();
}

}  // namespace leakgate
