#include "protocol/session_fsm.hpp"

namespace h3::protocol {

SessionFsm::Action SessionFsm::next(char* data, std::size_t size, RequestHead& head) {
  if (phase_ >= Phase::streaming || size == 0)
    return Action::needInput;  // a request is handled, or lingering
  if (phase_ == Phase::idle) reader_.begin(head);
  switch (reader_.read(data, size)) {
    case RequestReader::Outcome::needMore:
      phase_ = reader_.headRead() ? Phase::body : Phase::head;
      return Action::needInput;
    case RequestReader::Outcome::headRead:
      phase_ = Phase::body;
      return Action::decideBody;
    case RequestReader::Outcome::streams:
      phase_ = Phase::streaming;
      return Action::dispatch;
    case RequestReader::Outcome::wantsContinue:
      phase_ = Phase::body;
      return Action::askContinue;
    case RequestReader::Outcome::complete:
      phase_ = Phase::handling;
      return Action::dispatch;
    case RequestReader::Outcome::refused:
      break;
  }
  phase_ = Phase::lingering;
  return Action::refuse;
}

}  // namespace h3::protocol
