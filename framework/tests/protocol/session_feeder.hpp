// Feeds a session with bytes as a connection does, and remembers what came of them.
#pragma once

#include <cstring>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/session_fsm.hpp"

namespace h3::test {

/// A dispatched request, with all that can be seen of it.
struct SeenRequest {
  std::string method;
  std::string target;
  std::string path;
  std::string query;
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;
  int minorVersion = 1;
  bool keepAlive = true;
  bool operator==(const SeenRequest&) const = default;
};

/// The result of some bytes. Whether 100 Continue was requested is left out: it depends on what had arrived
/// by then.
struct SessionResult {
  std::vector<SeenRequest> requests;
  int refusal = 0;
  std::string unread;  ///< bytes behind the last request, unless refused or within a body
  bool operator==(const SessionResult&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const SessionResult& result) {
  out << result.requests.size() << " requests, refusal " << result.refusal << ", " << result.unread.size()
      << " bytes unread";
  for (const SeenRequest& request : result.requests)
    out << "\n  " << request.method << ' ' << request.target << ", " << request.fields.size()
        << " fields, body \"" << request.body << "\", keep-alive " << request.keepAlive;
  return out;
}

/// Drives a SessionFsm like server::Connection does, with a buffer that is harder on views: at each step the
/// unconsumed bytes move into a new heap block of exactly their size, so that a sanitizer sees any dangling
/// view and any read beyond the end.
class SessionFeeder {
 public:
  explicit SessionFeeder(const protocol::Limits& limits, bool compacting = false)
      : limits_(limits), fsm_(limits_), compacting_(compacting) {}

  void feed(std::string_view bytes) {
    append(bytes);
    while (step()) {
    }
  }

  SessionResult result() const {
    SessionResult all = seen_;
    // Half a chunked body is decoded as far as it has arrived: its bytes depend on the splits.
    if (all.refusal == 0 && fsm_.phase() != protocol::SessionFsm::Phase::body)
      all.unread.assign(data_.get(), size_);
    return all;
  }
  int continuesAsked() const { return continuesAsked_; }
  const protocol::SessionFsm& fsm() const { return fsm_; }

 private:
  using Action = protocol::SessionFsm::Action;

  bool step() {
    if (fsm_.phase() == protocol::SessionFsm::Phase::lingering) {
      move(size_, 0);
      return false;
    }
    switch (fsm_.next(data_.get(), size_, head_)) {
      case Action::dispatch:
        take();
        return true;
      case Action::askContinue:
        ++continuesAsked_;
        return true;
      case Action::refuse:
        if (seen_.refusal != 0) throw std::logic_error("refused twice");
        seen_.refusal = fsm_.status();
        return true;
      default:
        if (compacting_ && fsm_.phase() == protocol::SessionFsm::Phase::body)
          size_ = fsm_.reader().compact(data_.get(), size_);
        return false;
    }
  }

  void take() {
    if (seen_.refusal != 0) throw std::logic_error("a request after a refusal");
    const protocol::RequestReader& reader = fsm_.reader();
    if (reader.consumed() > size_) throw std::logic_error("consumed more than there was");
    if (reader.consumed() == 0) throw std::logic_error("a request of no bytes");
    head_.headers.rebase(data_.get());
    SeenRequest request;
    request.method = head_.methodText.in(data_.get());
    request.target = head_.target.in(data_.get());
    request.path = reader.target().path;
    request.query = reader.target().query;
    request.body = reader.body(data_.get());
    for (const HeaderField field : head_.headers) request.fields.emplace_back(field.name, field.value);
    request.minorVersion = head_.minorVersion;
    request.keepAlive = head_.keepAlive;
    seen_.requests.push_back(std::move(request));
    fsm_.responded(head_.keepAlive);
    move(reader.consumed(), 0);
  }

  void append(std::string_view bytes) {
    const std::size_t before = size_;
    move(0, bytes.size());
    if (!bytes.empty()) std::memcpy(data_.get() + before, bytes.data(), bytes.size());
  }

  // Into a new block, without the first `drop` bytes and with room for `more`.
  void move(std::size_t drop, std::size_t more) {
    const std::size_t kept = size_ - drop;
    std::unique_ptr<char[]> block(new char[kept + more]);
    if (kept != 0) std::memcpy(block.get(), data_.get() + drop, kept);
    data_ = std::move(block);
    size_ = kept + more;
  }

  protocol::Limits limits_;
  protocol::SessionFsm fsm_;
  protocol::RequestHead head_;
  bool compacting_;
  std::unique_ptr<char[]> data_{new char[0]};
  std::size_t size_ = 0;
  SessionResult seen_;
  int continuesAsked_ = 0;
};

/// Everything in one piece.
inline SessionResult readWhole(std::string_view bytes, const protocol::Limits& limits) {
  SessionFeeder feeder(limits);
  feeder.feed(bytes);
  return feeder.result();
}

}  // namespace h3::test
