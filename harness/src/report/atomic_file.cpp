#include "report/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
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

  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(name_, "write", errno);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }

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
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  if (error) fail(file.parent_path(), "make the folder", error.value());
  TemporaryFile temporary(file);
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
