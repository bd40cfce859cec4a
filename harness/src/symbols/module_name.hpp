// Names of modules that are the same for another version of a program.
#pragma once

#include <string_view>

namespace leakgate {

/// "srv" of "srv-1.2", "libz.so" of "libz.so.1.2.13"; "h3-demo" as it is. A version starts with a digit after
/// '-', '.' or '_'.
std::string_view withoutVersion(std::string_view module);

}  // namespace leakgate
