// Opens files below a directory, and nowhere else.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace h3 {

/// Owns a descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) noexcept : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);  // what was held here is closed by `other`
    return *this;
  }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// A file or directory that has been opened.
struct OpenedFile {
  FileDescriptor descriptor;
  bool isDirectory = false;  ///< else a regular file
  std::uint64_t size = 0;
  std::timespec modified{};
};

/// Fills `out` from this position. Errors: std::system_error; std::runtime_error when the file ends before.
void readFileAt(const FileDescriptor& file, std::uint64_t position, std::span<char> out);

/// A directory, kept open.
///
/// Threads: any; immutable.
class BeneathRoot {
 public:
  enum class Walk : std::uint8_t {
    kernel,      ///< openat2 with RESOLVE_BENEATH: links are followed as long as they stay below the root
    components,  ///< one openat with O_NOFOLLOW a segment: no link is followed
  };

  /// `walk` kernel falls back to components if the kernel, or a sandbox, has no openat2. Errors:
  /// std::system_error that names the directory.
  explicit BeneathRoot(const std::filesystem::path& directory, Walk walk = Walk::kernel);

  /// Opens a regular file or a directory; `path` is relative, "" is the root itself. nullopt for what is
  /// missing, unreadable, outside of the root, or neither of these. Never blocks on a FIFO.
  ///
  /// Errors: std::system_error when the process or the machine lacks descriptors or memory.
  std::optional<OpenedFile> open(std::string_view path) const;

  Walk walk() const { return walk_; }

 private:
  FileDescriptor openByKernel(const char* path) const;
  FileDescriptor openByComponents(char* path) const;

  FileDescriptor root_;
  Walk walk_;
};

}  // namespace h3
