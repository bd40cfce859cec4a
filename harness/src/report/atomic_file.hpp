// Files that are there whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace leakgate {

/// Writes to "NAME.PID.tmp" in the same folder, syncs, and renames. Makes the folder when it is missing. On
/// failure nothing is left under either name, and a file that was there before stays as it was. What is there
/// and is no regular file (/dev/null, /dev/stdout, a pipe) is written into and stays; of a link the file that
/// it leads to is replaced. Errors:
/// InputError that names the file and the system's reason (exit 2: the place is the user's choice).
void writeAtomically(const std::filesystem::path& file, std::string_view content);

/// Whether writeAtomically() will find a place to write to, before the work that is to be written: makes a
/// temporary file and removes it. Errors: InputError as writeAtomically() would.
void requireWritable(const std::filesystem::path& file);

/// The whole file. Errors: InputError when it cannot be read or exceeds kMaxReportFileBytes.
std::string readWhole(const std::filesystem::path& file);

inline constexpr std::size_t kMaxReportFileBytes = 64U << 20;

}  // namespace leakgate
