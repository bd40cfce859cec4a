// What a page can do where scripts run: search and sort its tables, zoom and search its flame graphs.
#pragma once

#include <string_view>

namespace leakgate {

/// JavaScript, inlined in each page. It adds its controls itself: without it, a page lacks them and nothing
/// else. It asks for nothing and stores nothing; names reach the document as text only, never as markup.
std::string_view pageScript();

/// JavaScript of pages that a site serves: every five seconds it asks /api/state whether the state that the page
/// was made from is still the site's, and if not offers to load the page again.
std::string_view watchScript();

}  // namespace leakgate
