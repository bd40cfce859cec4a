#include "server/turns.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace h3::server {

Turns::Turns(boost::asio::io_context& context, HandlerSlot& slot, TurnTaker& taker)
    : context_(context),
      slot_(slot),
      taker_(taker),
      asio_(boost::asio::use_service<boost::asio::detail::reactor>(context)) {
  asio_.init_task();
}

void Turns::start(int descriptor) {
  const int error = asio_.register_internal_descriptor(boost::asio::detail::reactor::read_op, descriptor,
                                                       registration_, &wait_);
  if (error != 0) throw boost::system::system_error(error, boost::system::system_category(), "epoll_ctl");
  descriptor_ = descriptor;
}

void Turns::stop() {
  if (registration_ == nullptr) return;
  asio_.deregister_internal_descriptor(descriptor_, registration_);
  asio_.cleanup_descriptor_data(registration_);
  registration_ = nullptr;
}

Turns::Wait::status Turns::Wait::perform(reactor_op* wait) {
  static_cast<Wait*>(wait)->turns.run();
  return not_done;
}

void Turns::soon() {
  if (std::exchange(posted_, true)) return;
  boost::asio::post(context_, inSlot(slot_, [this] {
                      posted_ = false;
                      run();
                    }));
}

void Turns::run() {
  try {
    if (taker_.takeTurn()) soon();
  } catch (...) {
    soon();  // whatever was thrown (memory ran out), the others must still be heard
    throw;
  }
}

}  // namespace h3::server
