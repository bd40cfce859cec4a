#include "static_files/beneath_root.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace h3 {
namespace {

// O_NONBLOCK: opening a FIFO would wait for its writer.
constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int kDirectoryFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kAttempts = 8;  // openat2 fails with EAGAIN when a rename interferes

[[noreturn]] void throwErrno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int openat2(int directory, const char* path) {
  open_how how{};
  how.flags = kOpenFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, directory, path, &how, sizeof how));
}

// Whether errno is about a shortage in this process; other errors are about the path, and clients must not
// learn them.
bool isShortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EIO || error == EAGAIN ||
         error == EINTR;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

void readFileAt(const FileDescriptor& file, std::uint64_t position, std::span<char> out) {
  while (!out.empty()) {
    const ssize_t got = ::pread(file.number(), out.data(), out.size(), static_cast<off_t>(position));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throwErrno("reading a static file");
    if (got == 0) throw std::runtime_error("a static file became shorter while it was read");
    out = out.subspan(static_cast<std::size_t>(got));
    position += static_cast<std::uint64_t>(got);
  }
}

BeneathRoot::BeneathRoot(const std::filesystem::path& directory, Walk walk)
    : root_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), walk_(walk) {
  if (!root_) throwErrno("static root \"" + directory.string() + '"');
  if (walk_ != Walk::kernel) return;
  // ENOSYS before Linux 5.6; EPERM in sandboxes that do not know the call.
  const FileDescriptor probe(openat2(root_.number(), "."));
  if (!probe && (errno == ENOSYS || errno == EPERM)) walk_ = Walk::components;
}

std::optional<OpenedFile> BeneathRoot::open(std::string_view path) const {
  std::array<char, PATH_MAX> name;
  if (path.size() >= name.size() || path.find('\0') != std::string_view::npos) return std::nullopt;
  *std::copy(path.begin(), path.end(), name.begin()) = '\0';
  OpenedFile file;
  file.descriptor =
      walk_ == Walk::kernel ? openByKernel(path.empty() ? "." : name.data()) : openByComponents(name.data());
  if (!file.descriptor) {
    if (isShortage(errno)) throwErrno("opening a static file");
    return std::nullopt;
  }
  struct stat status {};
  if (::fstat(file.descriptor.number(), &status) != 0) throwErrno("looking at a static file");
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return std::nullopt;
  file.isDirectory = S_ISDIR(status.st_mode);
  file.size = static_cast<std::uint64_t>(status.st_size);
  file.modified = status.st_mtim;
  return file;
}

FileDescriptor BeneathRoot::openByKernel(const char* path) const {
  for (int attempt = 1;; ++attempt) {
    FileDescriptor opened(openat2(root_.number(), path));
    if (opened || (errno != EAGAIN && errno != EINTR) || attempt == kAttempts) return opened;
  }
}

// Opens segment by segment; cuts `path` at its slashes.
FileDescriptor BeneathRoot::openByComponents(char* path) const {
  FileDescriptor directory(::openat(root_.number(), ".", kDirectoryFlags));
  while (directory) {
    char* const slash = std::strchr(path, '/');
    if (slash != nullptr) *slash = '\0';
    if (std::strcmp(path, "..") == 0) {  // O_NOFOLLOW does not stop it
      errno = EXDEV;
      return FileDescriptor();
    }
    const char* const name = *path == '\0' ? "." : path;
    if (slash == nullptr) return FileDescriptor(::openat(directory.number(), name, kOpenFlags | O_NOFOLLOW));
    directory = FileDescriptor(::openat(directory.number(), name, kDirectoryFlags));
    path = slash + 1;
  }
  return directory;
}

}  // namespace h3
