// What somebody may have meant by a name that is not known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// The known names that are like `word`, the nearest first, at most three: few letters wrong, missing, too
/// many or exchanged (upper case counts as lower case), or one the beginning of the other. Empty when none is
/// like it.
std::vector<std::string> nearestNames(std::string_view word, const std::vector<std::string>& known);

/// The same as a question: "did you mean a, b or c?"; "" when none is like it.
std::string didYouMean(std::string_view word, const std::vector<std::string>& known);

}  // namespace leakgate
