// How the pages look, on wide and narrow screens, light and dark.
#pragma once

#include <string_view>

namespace leakgate {

/// The style sheet, inlined in each page. It sets no property that the content needs: where a policy refuses
/// inline style, a page is plain HTML with its charts.
std::string_view pageStyle();

}  // namespace leakgate
