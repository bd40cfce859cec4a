#include "server/proxy_gate.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "app/log.hpp"

namespace h3::server {
namespace {

using protocol::ProxyHeader;

constexpr std::size_t kRetainedArrivals = 64;
constexpr std::uint64_t kWarnEveryMs = 10'000;

std::string_view textOf(const IpAddress& address, bool isIpv4,
                        std::array<char, Connection::kAddressBytes>& text) {
  ::inet_ntop(isIpv4 ? AF_INET : AF_INET6, address.data() + (isIpv4 ? 12 : 0), text.data(),
              static_cast<socklen_t>(text.size()));
  return text.data();
}

}  // namespace

ProxyGate::ProxyGate(boost::asio::io_context& context, const ProxyProtocolConfig& config,
                     WorkerCounters& counters, ConnectionLimiter& limiter, const session::Clock& clock,
                     Actions actions)
    : context_(&context),
      config_(&config),
      counters_(&counters),
      limiter_(&limiter),
      clock_(&clock),
      actions_(std::move(actions)),
      pool_(1, kRetainedArrivals, [] { return std::make_unique<Arrival>(); }) {
  for (const std::string& peer : config.peers) peers_.add(peer);
}

ProxyGate::~ProxyGate() {
  closeAll();
  for (Arrival* const arrival : arrivals_) pool_.release(arrival);
}

void ProxyGate::admit(int socket, std::string_view peer) noexcept {
  if (!peers_.contains(peer)) {
    counters_->add(Metric::proxyPeersRefused);
    warn(peer, "it is not one of proxyProtocol.peers");
    ::close(socket);
    return;
  }
  if (!limiter_->acquireUnnamed()) return actions_.onRefused(socket);
  Arrival* arrival = nullptr;
  try {
    if (arrivals_.size() == arrivals_.capacity()) arrivals_.reserve(arrivals_.size() * 2 + 16);
    arrival = pool_.acquire();
  } catch (const std::exception& failure) {
    logError("a connection could not be admitted", failure.what());
    limiter_->releaseUnnamed();
    return actions_.onRefused(socket);
  }
  arrival->socket = socket;
  arrival->size = 0;
  arrival->sinceMs = clock_->ms();
  arrival->peerBytes = std::min(peer.size(), arrival->peer.size());
  std::copy_n(peer.data(), arrival->peerBytes, arrival->peer.data());
  arrival->position = arrivals_.size();
  arrivals_.push_back(arrival);
  read(*arrival);
}

void ProxyGate::read(Arrival& arrival) {
  try {
    while (readMore(arrival)) {
    }
  } catch (const std::exception& failure) {
    logError("a PROXY header could not be read", failure.what());
    if (arrival.socket >= 0) close(arrival);
  }
}

// Returns whether to try again immediately; otherwise the arrival may be gone.
bool ProxyGate::readMore(Arrival& arrival) {
  char* const end = arrival.bytes.data() + arrival.size;
  const ssize_t found = ::recv(arrival.socket, end, arrival.bytes.size() - arrival.size, MSG_PEEK);
  if (found < 0 && errno == EINTR) return true;
  if (found < 0 && errno == EAGAIN) {
    wait(arrival);
    return false;
  }
  if (found <= 0) {  // also a balancer that only looks whether the port is open
    if (arrival.size != 0) counters_->add(Metric::proxyHeadersMalformed);
    close(arrival);
    return false;
  }
  const std::size_t seen = arrival.size + static_cast<std::size_t>(found);
  const ProxyHeader header = protocol::parseProxyHeader({arrival.bytes.data(), seen});
  if (header.state == ProxyHeader::State::malformed) {
    counters_->add(Metric::proxyHeadersMalformed);
    warn({arrival.peer.data(), arrival.peerBytes}, header.problem);
    close(arrival);
    return false;
  }
  const bool isComplete = header.state == ProxyHeader::State::complete;
  const std::size_t own = (isComplete ? header.bytes : seen) - arrival.size;
  if (::recv(arrival.socket, end, own, 0) != static_cast<ssize_t>(own)) {
    close(arrival);  // what has been seen is there, unless the connection has been reset
    return false;
  }
  arrival.size += own;
  if (isComplete) pass(arrival, header);
  return !isComplete;
}

void ProxyGate::wait(Arrival& arrival) {
  if (!arrival.descriptor) arrival.descriptor.emplace(*context_, arrival.socket);
  arrival.descriptor->async_wait(Descriptor::wait_read,
                                 inSlot(arrival.slot, [this, &arrival](const boost::system::error_code&) {
                                   arrival.isPending = false;
                                   if (arrival.socket >= 0) return read(arrival);
                                   remove(arrival);
                                 }));
  arrival.isPending = true;
}

void ProxyGate::pass(Arrival& arrival, const ProxyHeader& header) {
  std::array<char, Connection::kAddressBytes> text{};
  std::string_view client = "unix";
  if (header.source == ProxyHeader::Source::connection) {
    std::copy_n(arrival.peer.data(), arrival.peerBytes, text.data());
    client = {text.data(), arrival.peerBytes};
  } else if (header.source != ProxyHeader::Source::unixSocket) {
    client = textOf(header.client, header.source == ProxyHeader::Source::ipv4, text);
  }
  const int socket = leave(arrival);
  if (limiter_->name(client)) return actions_.onClient(socket, client);
  limiter_->releaseUnnamed();
  actions_.onRefused(socket);
}

// Gives up its socket. Not while its wait is pending.
int ProxyGate::leave(Arrival& arrival) {
  if (arrival.descriptor) arrival.descriptor->release();
  arrival.descriptor.reset();
  const int socket = std::exchange(arrival.socket, -1);
  remove(arrival);
  return socket;
}

void ProxyGate::remove(Arrival& arrival) {
  arrivals_[arrival.position] = arrivals_.back();
  arrivals_[arrival.position]->position = arrival.position;
  arrivals_.pop_back();
  pool_.release(&arrival);
}

// A pending wait keeps its memory until it ends, which the context does in its next turn.
void ProxyGate::close(Arrival& arrival) {
  limiter_->releaseUnnamed();
  if (!arrival.isPending) {
    ::close(leave(arrival));
    return;
  }
  arrival.socket = -1;
  boost::system::error_code ignored;
  arrival.descriptor->close(ignored);
  arrival.descriptor.reset();
}

void ProxyGate::checkDeadlines(std::uint64_t nowMs) {
  for (Arrival* const arrival : arrivals_) {
    if (arrival->socket < 0 || nowMs - arrival->sinceMs <= config_->headerMs) continue;
    counters_->add(Metric::connectionsTimedOut);
    close(*arrival);
  }
}

void ProxyGate::closeAll() {
  for (Arrival* const arrival : arrivals_)
    if (arrival->socket >= 0) close(*arrival);
}

// A wrong configuration would fill the log.
void ProxyGate::warn(std::string_view peer, std::string_view problem) {
  if (clock_->ms() < warnAtMs_) return;
  warnAtMs_ = clock_->ms() + kWarnEveryMs;
  logWarning(
      std::string("closed a connection of ").append(peer).append(", PROXY protocol: ").append(problem));
}

}  // namespace h3::server
