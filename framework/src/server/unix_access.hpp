// Who may connect to a unix socket.
#pragma once

#include <cstdint>
#include <string>

namespace h3::server {

/// Permissions, owner and group of a socket's file; 0 and "" leave each as it is.
struct UnixAccess {
  std::uint32_t mode = 0;
  std::string user;
  std::string group;
};

/// Sets what is not empty. Errors: boost::system::system_error that names the file, and the user or group that does
/// not exist.
void applyAccess(const std::string& path, const UnixAccess& access);

}  // namespace h3::server
