#include "server/shared_wait.hpp"

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <memory>
#include <type_traits>

namespace h3::server {
namespace {

using AsioReactor = boost::asio::detail::epoll_reactor;
static_assert(std::is_same_v<boost::asio::detail::reactor, AsioReactor>, "Asio waits in another way here");

int setOf(const AsioReactor& reactor);
int timerOf(const AsioReactor& reactor);

// Asio's descriptors are private. An explicit instantiation may name private members ([temp.spec.general]/6);
// if a member is ever renamed, this does not compile.
template <int AsioReactor::*Set, int AsioReactor::*Timer>
struct Descriptors {
  friend int setOf(const AsioReactor& reactor) { return reactor.*Set; }
  friend int timerOf(const AsioReactor& reactor) { return reactor.*Timer; }
};
template struct Descriptors<&AsioReactor::epoll_fd_, &AsioReactor::timer_fd_>;

}  // namespace

SharedWait& SharedWait::install(boost::asio::io_context& context) {
  auto owned = std::unique_ptr<SharedWait>(new SharedWait(context));
  SharedWait& wait = *owned;
  boost::asio::add_service<AsioReactor>(context, owned.get());
  owned.release();
  wait.init_task();
  return wait;
}

// Without a timer descriptor Asio's timers would need a timeout, which only Asio's own wait has.
SharedWait::SharedWait(boost::asio::io_context& context) : AsioReactor(context) {
  if (timerOf(*this) < 0)
    throw boost::system::system_error(errno, boost::system::system_category(), "timerfd_create");
}

int SharedWait::descriptor() const { return setOf(*this); }

// `operations` also receives what is posted on this thread: that must get its turn.
void SharedWait::run(long usec, boost::asio::detail::op_queue<boost::asio::detail::operation>& operations) {
  if (poller_ == nullptr) return AsioReactor::run(usec, operations);
  const bool mayWait = usec < 0;
  bool asioReady = false;
  do asioReady = poller_->takeTurn(mayWait);
  while (mayWait && !asioReady && operations.empty());
  poller_->flush();
  if (asioReady) AsioReactor::run(0, operations);
}

}  // namespace h3::server
