// The source lines around a place.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "html/markup.hpp"

namespace leakgate {

/// Reads a source file that a report names; nothing when it cannot or must not be read.
using SourceReader = std::function<std::optional<std::string>(const std::string& file)>;

/// A reader of regular files below `root`, links resolved, of at most kMaxSourceBytes: a page is passed on, and
/// a report from elsewhere can name any file. `root` is usually the current directory.
SourceReader sourcesBelow(const std::filesystem::path& root);

inline constexpr std::uintmax_t kMaxSourceBytes = 4U << 20;

/// Adds the line and kLinesAround lines before and after it; nothing when the file has no such line.
void addSourceExcerpt(Markup& markup, const SourceReader& read, const std::string& file, unsigned line);

inline constexpr unsigned kLinesAround = 3;

}  // namespace leakgate
