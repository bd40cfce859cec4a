// Names and messages of a target, made safe for any format: they come from attackers too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leakgate {

inline constexpr std::size_t kMaxNameBytes = 1'000;
inline constexpr std::size_t kMaxMessageBytes = 20'000;

/// One line of valid UTF-8, of at most `maxBytes` (4 or more) with the "..." at the end of what was cut: control
/// characters, bytes that are no UTF-8, characters that reorder text and those that no XML may contain are
/// escaped (\x1b); a line's end becomes a blank. Each format still escapes what has a meaning in it.
std::string foreignLine(std::string_view text, std::size_t maxBytes = kMaxNameBytes);

/// The same for several lines: a newline stays.
std::string foreignText(std::string_view text, std::size_t maxBytes = kMaxMessageBytes);

}  // namespace leakgate
