#include "server/start_failure.hpp"

#include <boost/system/errc.hpp>
#include <string_view>

namespace h3::server {
namespace {

constexpr std::uint16_t kFirstFreePort = 1024;

// With what to do about it; "" when there is no usual answer.
std::string remedyFor(const boost::system::error_code& error, const Config& config) {
  namespace errc = boost::system::errc;
  const std::string port = std::to_string(config.port);
  if (error == errc::address_in_use)
    return "another process has it: `ss -ltnp 'sport = :" + port +
           "'` shows which; end that, or choose another port (0: the system chooses)";
  if (error == errc::address_not_available)
    return "no interface of this machine has that address: \"0.0.0.0\" and \"::\" listen on all of them";
  const bool privileged = config.port != 0 && config.port < kFirstFreePort;
  if (error == errc::permission_denied && privileged && !config.address.empty())
    return "ports below 1024 need a right: `setcap cap_net_bind_service=+ep PROGRAM`, AmbientCapabilities= in a "
           "systemd unit, or sysctl net.ipv4.ip_unprivileged_port_start; or choose a port from 1024 on";
  if (error == errc::permission_denied && !config.unixPath.empty())
    return "the process may not create the socket in that folder: choose another unixPath, or its permissions";
  if (error == errc::no_such_file_or_directory && !config.unixPath.empty())
    return "the folder of unixPath does not exist";
  return {};
}

}  // namespace

std::string describeStartFailure(const boost::system::system_error& failure, const Config& config) {
  const std::string remedy = remedyFor(failure.code(), config);
  return std::string(failure.what()) + (remedy.empty() ? "" : "\n  " + remedy);
}

}  // namespace h3::server
