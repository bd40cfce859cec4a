#include "protocol/chunked_decoder.hpp"

#include <algorithm>
#include <cstring>

#include "h3http/detail/uri_bytes.hpp"
#include "protocol/field_text.hpp"

namespace h3::protocol {
namespace {

// HTAB, SP, VCHAR, obs-text.
bool isTextByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

void ChunkedDecoder::begin(std::size_t start, std::uint64_t bodyLimit, std::size_t trailerLimit) {
  *this = ChunkedDecoder(*limits_);
  bodyBytesLeft_ = bodyLimit;
  trailerLimit_ = trailerLimit;
  start_ = decodedEnd_ = position_ = start;
}

void ChunkedDecoder::bodyDropped() {
  const std::size_t dropped = bodyEnd() - start_;
  bodyEnd_ = start_;
  decodedEnd_ -= dropped;
  position_ -= dropped;
}

ChunkedDecoder::Outcome ChunkedDecoder::decode(char* data, std::size_t size) {
  while (position_ < size && state_ != State::done) {
    if (state_ == State::data) {
      moveData(data, size);
    } else {
      const bool kept = isInTrailers();
      if (!step(data[position_])) return Outcome::refused;
      if (kept) data[decodedEnd_++] = data[position_];
      ++position_;
    }
  }
  return state_ == State::done ? Outcome::complete : Outcome::needMore;
}

void ChunkedDecoder::moveData(char* data, std::size_t size) {
  const std::size_t count =
      static_cast<std::size_t>(std::min<std::uint64_t>(chunkRemaining_, size - position_));
  std::memmove(data + decodedEnd_, data + position_, count);
  decodedEnd_ += count;
  position_ += count;
  chunkRemaining_ -= count;
  if (chunkRemaining_ == 0) state_ = State::dataCr;
}

bool ChunkedDecoder::step(char byte) {
  switch (state_) {
    case State::sizeFirst:
    case State::sizeMore:
      return sizeDigit(byte);
    case State::sizeLf:
      return byte == '\n' ? endSizeLine() : refuse(400);
    case State::dataCr:
      state_ = State::dataLf;
      return byte == '\r' || refuse(400);
    case State::dataLf:
      state_ = State::sizeFirst;
      sizeDigits_ = 0;
      return byte == '\n' || refuse(400);
    case State::trailerStart:
    case State::trailerName:
    case State::trailerValue:
    case State::trailerLf:
    case State::endLf:
      return trailer(byte);
    default:
      return extension(byte);
  }
}

bool ChunkedDecoder::sizeDigit(char byte) {
  const int digit = UriBytes::hexValue(byte);
  if (digit >= 0) {
    if (++sizeDigits_ > 16) return refuse(400);
    chunkRemaining_ = chunkRemaining_ << 4 | static_cast<unsigned>(digit);
    state_ = State::sizeMore;
    return true;
  }
  if (state_ == State::sizeFirst) return refuse(400);
  if (byte == ';') {
    state_ = State::extensionNameStart;
    return true;
  }
  state_ = State::sizeLf;
  return byte == '\r' || refuse(400);
}

// chunk-ext = *( ";" token [ "=" ( token / quoted-string ) ] ); blanks are refused, because attackers use
// them.
bool ChunkedDecoder::extension(char byte) {
  if (++extensionBytes_ > limits_->chunkExtensionBytes) return refuse(400);
  switch (state_) {
    case State::extensionNameStart:
    case State::extensionValueStart:
      if (state_ == State::extensionValueStart && byte == '"') {
        state_ = State::extensionQuoted;
        return true;
      }
      if (!isTokenByte(byte)) return refuse(400);
      state_ = state_ == State::extensionNameStart ? State::extensionName : State::extensionToken;
      return true;
    case State::extensionQuoted:
      if (byte == '"') state_ = State::extensionAfterQuoted;
      if (byte == '\\') state_ = State::extensionEscape;
      return isTextByte(byte) || refuse(400);
    case State::extensionEscape:
      state_ = State::extensionQuoted;
      return isTextByte(byte) || refuse(400);
    default:
      break;
  }
  if (state_ != State::extensionAfterQuoted && isTokenByte(byte)) return true;
  if (byte == ';') {
    state_ = State::extensionNameStart;
    return true;
  }
  if (byte == '=' && state_ == State::extensionName) {
    state_ = State::extensionValueStart;
    return true;
  }
  state_ = State::sizeLf;
  return byte == '\r' || refuse(400);
}

bool ChunkedDecoder::endSizeLine() {
  if (chunkRemaining_ == 0) {
    state_ = State::trailerStart;
    bodyEnd_ = decodedEnd_;
    return true;
  }
  if (chunkRemaining_ > bodyBytesLeft_) return refuse(413);
  bodyBytesLeft_ -= chunkRemaining_;
  state_ = State::data;
  return true;
}

bool ChunkedDecoder::trailer(char byte) {
  if (++trailerBytes_ > trailerLimit_) return refuse(400);
  switch (state_) {
    case State::trailerStart:
      if (byte == '\r') {
        state_ = State::endLf;
        return true;
      }
      if (!isTokenByte(byte) || ++trailerCount_ > limits_->trailerCount) return refuse(400);
      state_ = State::trailerName;
      return true;
    case State::trailerName:
      if (byte == ':') state_ = State::trailerValue;
      return byte == ':' || isTokenByte(byte) || refuse(400);
    case State::trailerValue:
      if (byte == '\r') state_ = State::trailerLf;
      return byte == '\r' || isTextByte(byte) || refuse(400);
    case State::trailerLf:
      state_ = State::trailerStart;
      return byte == '\n' || refuse(400);
    default:
      state_ = State::done;
      return byte == '\n' || refuse(400);
  }
}

bool ChunkedDecoder::refuse(int status) {
  status_ = status;
  return false;
}

}  // namespace h3::protocol
