// Finds leakgate's own files.
#pragma once

#include <filesystem>
#include <string>

namespace leakgate {

struct Installation {
  std::filesystem::path binDirectory;  ///< folder of the running executable: the value of {bin}
  std::filesystem::path shimLibrary;   ///< beside it in ../lib, in a build as when installed
};

/// Path of the running executable, as it was at the first call. Call it once at the start: when the file is
/// replaced, the kernel names it "leakgate (deleted)". Errors: std::filesystem::filesystem_error without /proc.
const std::filesystem::path& ownExecutable();

/// Beside ownExecutable(). Errors: InputError when the shim is in none of its possible folders.
Installation ownInstallation();

/// How to call this leakgate again: "build/release/bin/leakgate" when it is below the working directory, else
/// its whole path.
std::string commandName();

}  // namespace leakgate
