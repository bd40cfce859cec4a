// Follows names that the program creates and removes in directories for temporary files.
#pragma once

#include "shim/small_text.hpp"
#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Once, before the functions below.
void prepareCreatedNames() noexcept;

/// Spans a call that may create a name: make one before the call.
///
/// Names below /tmp, /var/tmp, /dev/shm, $TMPDIR and the working directory (unless it is /) are followed; the
/// directories are listed for the runner, which counts their entries. Threads: any.
class NewName {
 public:
  /// `folder` as in openat. Checks whether the name exists already.
  NewName(int folder, const char* path) noexcept;

  /// The call has succeeded.
  void madeBy(const CallerFrame& caller) noexcept;

  /// For a call that has chosen a new name itself, as mkstemp does.
  static void chosen(const char* path, const CallerFrame& caller) noexcept;

 private:
  NewName() noexcept = default;

  PathText path_;
  bool isNew_ = false;
};

/// The file that shm_open() opens.
PathText sharedMemoryPath(const char* name) noexcept;

/// The name has been removed.
void forgetName(int folder, const char* path) noexcept;

/// `from` has been renamed to `to`.
void renameName(int fromFolder, const char* from, int toFolder, const char* to) noexcept;

}  // namespace leakgate::shim
