// Tells the client how long the server took.
#pragma once

#include "h3http/app.hpp"

namespace h3 {

/// Adds `Server-Timing: total;dur=1.234` to every response: milliseconds since the request's bytes were read.
///
/// A handler's own entries are kept. Every client can read it: do not use it where that matters. Source: W3C
/// Server Timing.
void timing(App& app);

}  // namespace h3
