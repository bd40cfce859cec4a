// Finds leakgate's own files.
#pragma once

#include <filesystem>
#include <string>

namespace leakgate {

struct Installation {
  std::filesystem::path binDirectory;  ///< folder of the running executable: the value of {bin}
  std::filesystem::path shimLibrary;   ///< beside it in ../lib, in a build as when installed
};

/// From /proc/self/exe. Errors: InputError when the shim is in none of its possible folders.
Installation ownInstallation();

/// How to call this leakgate again: "build/release/bin/leakgate" when it is below the working directory, else
/// its whole path.
std::string commandName();

}  // namespace leakgate
