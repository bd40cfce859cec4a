#include "protocol/head_scanner.hpp"

#include "http/control_bytes.hpp"

namespace h3::protocol {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

inline HeadScanner::Outcome HeadScanner::endLine(std::size_t lineEnd) {
  const bool empty = lineEnd == lineStart_;
  lineStart_ = position_;
  if (hasStartLine()) {
    if (!withinLimits(position_)) return refuseSize();
    if (empty) return Outcome::complete;
    return ++fieldLines_ > limits_->headerCount ? refuse(431) : Outcome::needMore;
  }
  if (empty && startOffset_ != 0) return refuse(400);
  if (empty) {
    startOffset_ = position_;
    maxBytes_ += position_;
    return Outcome::needMore;
  }
  if (!withinLimits(position_)) return refuseSize();
  startLineEnd_ = position_;
  maxBytes_ = position_ + limits_->fieldsBytes();
  return Outcome::needMore;
}

HeadScanner::Outcome HeadScanner::scan(const char* data, std::size_t size) {
  while (position_ < size) {
    if (position_ == lineStart_ && isBlank(data[position_])) return refuse(400);
    const std::size_t at = findControlByte({data, size}, position_);
    position_ = at;
    if (at == size) break;
    if (data[at] == '\t') {  // the only control byte allowed inside a line (RFC 9112 5, RFC 9110 5.5)
      ++position_;
      continue;
    }
    if (data[at] != '\r') return refuseByte(at);
    if (at + 1 == size) break;  // the LF has not arrived: check this CR again
    if (data[at + 1] != '\n') return refuseByte(at + 1);
    position_ = at + 2;
    const Outcome outcome = endLine(at);
    if (outcome != Outcome::needMore) return outcome;
  }
  return withinLimits(size) ? Outcome::needMore : refuseSize();
}

// A byte beyond a limit is ignored, so the response is the same however the bytes were split.
HeadScanner::Outcome HeadScanner::refuseByte(std::size_t at) {
  return withinLimits(at) ? refuse(400) : refuseSize();
}

HeadScanner::Outcome HeadScanner::refuseSize() { return refuse(hasStartLine() ? 431 : 414); }

HeadScanner::Outcome HeadScanner::refuse(int status) {
  status_ = status;
  return Outcome::refused;
}

}  // namespace h3::protocol
