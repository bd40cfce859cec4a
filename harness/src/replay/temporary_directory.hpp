// A directory for files of one run.
#pragma once

#include "region/owned_directory.hpp"

namespace leakgate {

/// Made in $TMPDIR or /tmp, deleted with its content on destruction; a run that was killed leaves it to the
/// next one. Errors: std::filesystem::filesystem_error when it cannot be made.
class TemporaryDirectory : public OwnedDirectory {
 public:
  TemporaryDirectory() : OwnedDirectory(std::filesystem::temp_directory_path()) {}
};

}  // namespace leakgate
