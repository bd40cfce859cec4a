#include "server/reactor_choice.hpp"

#include <boost/system/system_error.hpp>
#include <string>

#include "app/log.hpp"
#include "server/provided_buffers.hpp"
#include "server/ring.hpp"

namespace h3::server {
namespace {

using boost::system::system_error;

// Tries what a RingReactor needs: the kernel has no other way to find out, and containers forbid single
// system calls.
void probeRing() {
  ProvidedBuffers buffers;
  Ring ring;
  buffers.provideTo(ring.native());
}

}  // namespace

ReactorKind chooseReactor(ReactorKind wanted, ReactorKind preferred) {
  const bool named = wanted != ReactorKind::automatic;
  if ((named ? wanted : preferred) == ReactorKind::epoll) return ReactorKind::epoll;
  try {
    probeRing();
  } catch (const system_error& failure) {
    if (named)
      throw system_error(failure.code().value(), failure.code().category(),
                         "reactor: io_uring cannot be had here; it needs Linux 6.1, and a container or "
                         "/proc/sys/kernel/io_uring_disabled may forbid it. Choose epoll or automatic");
    logInfo(std::string("reactor: epoll, as io_uring cannot be had here: ") + failure.what());
    return ReactorKind::epoll;
  }
  return ReactorKind::ioUring;
}

}  // namespace h3::server
