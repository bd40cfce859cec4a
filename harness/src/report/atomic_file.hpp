// Writes files completely or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace leakgate {

/// Writes to "NAME.PID.tmp" in the same folder, syncs, and renames. Creates a missing folder. On failure
/// nothing is left under the temporary name, and an existing file is unchanged. An existing file that is not
/// regular (/dev/null, /dev/stdout, a pipe) is written to, not replaced; for a link, the file that it points
/// to is replaced. Errors: InputError that names the file and the system's reason (exit 2: the user chose the
/// place).
void writeAtomically(const std::filesystem::path& file, std::string_view content);

/// Checks, before the work, that writeAtomically() can write: creates a temporary file and removes it.
/// Errors: InputError as writeAtomically() would.
void requireWritable(const std::filesystem::path& file);

/// The whole file. Errors: InputError when it cannot be read or exceeds kMaxReportFileBytes.
std::string readWhole(const std::filesystem::path& file);

inline constexpr std::size_t kMaxReportFileBytes = 64U << 20;

}  // namespace leakgate
