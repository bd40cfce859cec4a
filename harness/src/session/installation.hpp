// Where leakgate's own parts lie.
#pragma once

#include <filesystem>
#include <string>

namespace leakgate {

struct Installation {
  std::filesystem::path binDirectory;  ///< folder of the running executable: what {bin} stands for
  std::filesystem::path shimLibrary;   ///< beside it in ../lib, in a build as when installed
};

/// From /proc/self/exe. Errors: InputError when the shim is in none of the folders where it belongs.
Installation ownInstallation();

/// How to call this leakgate again: "build/release/bin/leakgate" when it lies below the working directory,
/// else its whole path.
std::string commandName();

}  // namespace leakgate
