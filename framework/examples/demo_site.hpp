// A small web site in the shape of the one whose access log the scenario access_log replays.
#pragma once

#include "h3http/app.hpp"

namespace demo {

/// Pages, images and downloads: /blog, /articles, /projects, /presentations, /files, /images, style sheets and
/// more. Everything else is a 404.
void addSite(h3::App& app);

}  // namespace demo
