// The name that was probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace h3 {

/// Of `names`, the one with the fewest edits from `found`, any case, where '_' and '-' do not count; "" when none is near: more
/// than a third of its length differs.
std::string nearestName(std::string_view found, const std::vector<std::string>& names);

}  // namespace h3
