// A small web site in the shape of the one whose access log the scenario access_log replays.
#pragma once

#include "h3http/app.hpp"

namespace demo {

/// Pages, feeds, images and downloads below /blog, /articles, /projects, /presentations, /files, /images,
/// /style2.css
/// ...; everything else is a 404.
void addSite(h3::App& app);

}  // namespace demo
