#include "session/installation.hpp"

#include <vector>

#include "scenario/input_error.hpp"

namespace leakgate {

namespace fs = std::filesystem;

const fs::path& ownExecutable() {
  static const fs::path kPath = fs::read_symlink("/proc/self/exe");
  return kPath;
}

Installation ownInstallation() {
  const fs::path bin = ownExecutable().parent_path();
  const fs::path lib = bin.parent_path();
  // A build tree and a plain installation; Debian's multiarch folder; Fedora's.
  const std::vector<fs::path> folders{lib / "lib", lib / "lib" / LEAKGATE_LIBDIR, lib / LEAKGATE_LIBDIR,
                                      lib / "lib64"};
  for (const auto& folder : folders) {
    const fs::path shim = folder / "libleakgate_shim.so";
    if (fs::exists(shim)) return {bin, shim};
  }
  throw InputError("libleakgate_shim.so is not in " + (lib / "lib").string() +
                   "; build the target leakgate_shim, or install leakgate whole");
}

std::string commandName() {
  const fs::path& own = ownExecutable();
  const fs::path relative = own.lexically_relative(fs::current_path());
  return relative.empty() || *relative.begin() == ".." ? own.string() : relative.string();
}

}  // namespace leakgate
