// Suggestions for an unknown name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// The known names that are similar to `word`, the nearest first, at most three: few letters are wrong,
/// missing, extra or swapped (ignoring case), or one is a prefix of the other. Empty when none is similar.
std::vector<std::string> nearestNames(std::string_view word, const std::vector<std::string>& known);

/// The same as a question: "did you mean a, b or c?"; "" when none is similar.
std::string didYouMean(std::string_view word, const std::vector<std::string>& known);

/// "a, b, c".
std::string listOf(const std::vector<std::string>& names);

}  // namespace leakgate
