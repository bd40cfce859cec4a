// A directory for files of one run.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "region/owned_directory.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

/// Created in $TMPDIR or /tmp, deleted with its content on destruction; after a run that was killed, the next
/// run deletes it. Errors: InputError when TMPDIR is no folder; std::filesystem::filesystem_error when it
/// cannot be made.
class TemporaryDirectory : public OwnedDirectory {
 public:
  TemporaryDirectory() : OwnedDirectory(parent()) {}

 private:
  static std::filesystem::path parent() {
    std::error_code error;
    auto folder = std::filesystem::temp_directory_path(error);
    if (!error) return folder;
    const char* named = std::getenv("TMPDIR");
    throw InputError("TMPDIR", "", named == nullptr ? "no /tmp" : named, "a folder for temporary files",
                     "make it, or set TMPDIR to one that is there");
  }
};

}  // namespace leakgate
