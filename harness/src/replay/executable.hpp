// The program file of a target, before it is started.
#pragma once

#include <filesystem>
#include <string>

namespace leakgate {

/// The file that execvp(3) would start: `program` itself when it has a slash, else the first match in PATH.
/// Errors: InputError when there is none that can be executed.
std::filesystem::path findExecutable(const std::string& program);

/// Refuses files in which the dynamic linker cannot load the shim: statically linked, of another
/// architecture, setuid or setgid to another user. For a script, checks its interpreter. Errors: MeasureError
/// when the program would run but could not be measured, else InputError; both say why and what to do.
void checkPreloadable(const std::filesystem::path& executable);

}  // namespace leakgate
