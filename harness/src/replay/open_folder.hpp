// A folder of the file system that is being read.
#pragma once

#include <dirent.h>

#include <memory>
#include <string>

namespace leakgate {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// Closed at the end of its life; null when the folder could not be opened.
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

inline OpenFolder openFolder(const std::string& path) { return OpenFolder(::opendir(path.c_str())); }

}  // namespace leakgate
