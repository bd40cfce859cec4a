// What the kernel refused.
#pragma once

#include <boost/system/system_error.hpp>

namespace h3::server {

/// Throws a boost::system::system_error of this errno.
[[noreturn]] inline void throwSystemError(int error, const char* what) {
  throw boost::system::system_error(error, boost::system::system_category(), what);
}

}  // namespace h3::server
