// Messages of other programs have many lines; a row has room for one.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Up to the first line feed, without it; all of it when there is none.
inline std::string firstLine(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

}  // namespace leakgate
