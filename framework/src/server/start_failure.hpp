// What to do when a server cannot start.
#pragma once

#include <boost/system/system_error.hpp>
#include <string>

#include "h3http/config.hpp"

namespace h3::server {

/// The failure of a Server's constructor in words: what, and the fix where there is a usual one. Several lines.
std::string describeStartFailure(const boost::system::system_error& failure, const Config& config);

}  // namespace h3::server
