// A file of /proc/PID.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace leakgate {

/// The text of /proc/PID/NAME; empty when it cannot be read. A process may end at any moment, and then even a
/// file that is open gives ESRCH: to a reader of a process that is no error.
std::string processFile(pid_t pid, std::string_view name);

}  // namespace leakgate
