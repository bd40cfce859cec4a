// Names that the program makes in directories for temporary files, and removes again.
#pragma once

#include "shim/small_text.hpp"
#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Once, before the functions below.
void prepareCreatedNames() noexcept;

/// A call that may make a name, from before it until after it.
///
/// Names below /tmp, /var/tmp, /dev/shm, $TMPDIR and the working directory (unless that is /) are followed;
/// the directories are listed for the runner, which counts what is in them. Threads: any.
class NewName {
 public:
  /// `folder` as in openat. Looks whether the name is there already.
  NewName(int folder, const char* path) noexcept;

  /// The call has succeeded.
  void madeBy(const CallerFrame& caller) noexcept;

  /// After a call that chose a name that was not there, as mkstemp does.
  static void chosen(const char* path, const CallerFrame& caller) noexcept;

 private:
  NewName() noexcept = default;

  PathText path_;
  bool isNew_ = false;
};

/// Where shm_open() makes its names.
PathText sharedMemoryPath(const char* name) noexcept;

/// The name is gone.
void forgetName(int folder, const char* path) noexcept;

/// `to` is what `from` was.
void renameName(int fromFolder, const char* from, int toFolder, const char* to) noexcept;

}  // namespace leakgate::shim
