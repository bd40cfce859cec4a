// A file system of few pages, for this process and its children only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace leakgate {

/// Gives this process a mount namespace of its own, once. Processes that it starts afterwards see what it
/// mounts. Returns whether that is allowed.
bool ownMounts();

/// Mounts a tmpfs of `bytes` on an empty folder, in a mount namespace of this process's own: it is gone when
/// the process is. Where that is not allowed, whyNot() says so and nothing is mounted.
class SmallDisk {
 public:
  SmallDisk(const std::filesystem::path& folder, std::size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool available() const { return whyNot_.empty(); }
  const std::string& whyNot() const { return whyNot_; }
  void grow(std::size_t bytes) const;

 private:
  std::filesystem::path folder_;
  std::string whyNot_;
};

}  // namespace leakgate
