#include "server/plain_transport.hpp"

namespace h3::server {

void PlainTransport::close() {
  reactor_->close(socket_);  // if it throws, the socket is still open
  socket_ = -1;
  readable_ = false;
}

void PlainTransport::endOutput() {
  outputEnded_ = true;
  reactor_->shutdownSend(socket_);
}

[[gnu::cold, gnu::noinline]] bool PlainTransport::onHangUp(std::uint32_t events) {
  readable_ = expectsEnd_ = true;
  const bool gone = (events & (EPOLLHUP | EPOLLERR)) != 0;
  if (gone) sendsHeld_ = false;  // the next send gives the reason
  return gone && !outputEnded_;
}

Transferred PlainTransport::onNothingReceived(ssize_t result) {
  if (result == -EINTR) return {};
  readable_ = false;
  if (result == 0) inputEnded_ = true;
  return {0, result != 0 && result != -EAGAIN};
}

}  // namespace h3::server
