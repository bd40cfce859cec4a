#include "protocol/request_reader.hpp"

#include <algorithm>
#include <cstring>

#include "http/host.hpp"
#include "http/method_names.hpp"
#include "protocol/head_parser.hpp"

namespace h3::protocol {
namespace {

// A later minor version is processed as the highest that is known (RFC 9110 2.5), which is all that Beast takes.
// `end`: behind the CRLF of a request line.
void lowerMinorVersion(char* data, std::size_t end) {
  constexpr std::string_view kVersion = " HTTP/1.";
  const std::size_t bytes = kVersion.size() + 3;  // a digit, CR and LF
  if (end < bytes || std::string_view(data + end - bytes, kVersion.size()) != kVersion) return;
  char& digit = data[end - 3];
  if (digit >= '2' && digit <= '9') digit = '1';
}

}  // namespace

RequestReader::RequestReader(const Limits& limits) : limits_(&limits), scanner_(limits), chunked_(limits) {}

void RequestReader::begin(RequestHead& head) {
  head_ = &head;
  head.clear();
  stage_ = Stage::head;
  scanning_ = requestLineChecked_ = false;
  base_ = nullptr;
  status_ = 0;
  bodyOffset_ = bodyBytes_ = consumed_ = 0;
  bodyBytesSeen_ = 0;
  bodyLimit_ = limits_->bodyBytes;
  streams_ = false;
}

RequestReader::Outcome RequestReader::read(char* data, std::size_t size) {
  if (data != base_ && headRead()) {
    head_->headers.rebase(data);
    checkTarget(data);
  }
  base_ = data;
  if (stage_ == Stage::head) {
    const Outcome outcome = readHead(data, size);
    if (outcome != Outcome::complete) return outcome;
    if (head_->framing.kind() == BodyKind::none) return finish(bodyOffset_, 0);
    stage_ = Stage::beforeBody;
    if (limits_->stopsBehindHead) return Outcome::headRead;
  }
  if (stage_ == Stage::beforeBody) {
    const Outcome outcome = beginBody(size);
    if (outcome != Outcome::needMore) return outcome;
  }
  return readBody(data, size);
}

// needMore: nothing to say.
[[gnu::noinline]] RequestReader::Outcome RequestReader::beginBody(std::size_t size) {
  const bool known = head_->framing.kind() == BodyKind::length;
  if (known && head_->framing.contentLength() > bodyLimit_) return refuse(413);
  stage_ = Stage::body;
  if (known) {
    bodyBytesLeft_ = head_->framing.contentLength();
  } else {
    chunked_.begin(
        bodyOffset_, bodyLimit_,
        streams_ ? std::min(limits_->streamedTrailerBytes, limits_->trailerBytes) : limits_->trailerBytes);
  }
  if (streams_) return Outcome::streams;
  const bool waits = head_->expectContinue && head_->minorVersion > 0 && size == bodyOffset_;
  return waits ? Outcome::wantsContinue : Outcome::needMore;
}

RequestReader::Outcome RequestReader::readHead(char* data, std::size_t size) {
  if (!scanning_) {
    bodyOffset_ = tryParseHead(data, size, *limits_, *head_);
    if (bodyOffset_ == 0) beginScan();
  }
  if (scanning_) {
    const Outcome outcome = scanHead(data, size);
    if (outcome != Outcome::complete) return outcome;
  }
  if (const int status = checkHead(data); status != 0) return refuse(status);
  return Outcome::complete;
}

// The head is incomplete, bad, or at a limit: from here on it is scanned byte by byte as it arrives.
[[gnu::cold, gnu::noinline]] void RequestReader::beginScan() {
  head_->clear();
  scanner_ = HeadScanner(*limits_);
  scanning_ = true;
}

[[gnu::cold, gnu::noinline]] RequestReader::Outcome RequestReader::scanHead(char* data, std::size_t size) {
  const HeadScanner::Outcome scanned = scanner_.scan(data, size);
  if (scanner_.hasStartLine()) lowerMinorVersion(data, scanner_.startLineEnd());
  if (scanned != HeadScanner::Outcome::complete) {
    // A bad request line is refused immediately, without waiting for the fields, and before a bad field, so
    // that the response does not depend on how the bytes were split.
    const int status = scanner_.hasStartLine() && !requestLineChecked_ ? checkRequestLine(data) : 0;
    if (status != 0) return refuse(status);
    return scanned == HeadScanner::Outcome::refused ? refuse(scanner_.status()) : Outcome::needMore;
  }
  bodyOffset_ = scanner_.headEnd();
  const int status = parseHead(data, scanner_.startOffset(), bodyOffset_, *head_);
  return status != 0 ? refuse(status) : Outcome::complete;
}

int RequestReader::checkRequestLine(const char* data) {
  requestLineChecked_ = true;
  return parseRequestLine(data, scanner_.startOffset(), scanner_.startLineEnd(), *head_);
}

int RequestReader::checkHead(const char* data) {
  if (const int status = head_->framing.decide(head_->minorVersion); status != 0) return status;
  if (const int status = checkTarget(data); status != 0) return status;
  if (const int status = checkHost(data); status != 0) return status;
  if (head_->method == Method::connect) return 501;
  if (head_->method == Method::other && !isRegistered(head_->methodText.in(data))) return 501;
  if (head_->expectUnknown) return 417;
  return 0;
}

[[gnu::cold, gnu::noinline]] bool RequestReader::isRegistered(std::string_view method) const {
  return limits_->otherMethods != nullptr && limits_->otherMethods->contains(method);
}

int RequestReader::checkTarget(const char* data) {
  const std::string_view text = head_->target.in(data);
  if (text.size() > limits_->targetBytes) return 414;
  return readTarget(head_->method, text, target_, limits_->targetSyntax) ? 400 : 0;
}

[[gnu::noinline]] bool RequestReader::learnHost(std::string_view host) {
  if (!isValidHost(host)) return false;
  knownHostBytes_ = static_cast<std::uint8_t>(host.size() <= knownHost_.size() ? host.size() : 0);
  std::memcpy(knownHost_.data(), host.data(), knownHostBytes_);
  return true;
}

int RequestReader::checkHost(const char* data) {
  if (head_->hostCount > 1) return 400;
  if (head_->hostCount == 0) return head_->minorVersion == 0 ? 0 : 400;
  const std::string_view host = head_->host.in(data);
  if (!isKnownHost(host)) {
    if (!learnHost(host)) return 400;
  }
  // The host of an absolute target counts, and what Host says is ignored (RFC 9112 3.2.2).
  if (target_.form == TargetForm::absolute) [[unlikely]]
    head_->headers.setFirst("Host", target_.authority);
  return 0;
}

[[gnu::noinline]] RequestReader::Outcome RequestReader::readBody(char* data, std::size_t size) {
  if (head_->framing.kind() == BodyKind::length) {
    const std::uint64_t length = head_->framing.contentLength();
    const std::uint64_t arrived = size - bodyOffset_;
    bodyBytesSeen_ = arrived;
    if (arrived < length) return Outcome::needMore;
    return finish(bodyOffset_ + static_cast<std::size_t>(length), static_cast<std::size_t>(length));
  }
  const std::size_t before = chunked_.position();
  const ChunkedDecoder::Outcome outcome = chunked_.decode(data, size);
  bodyBytesSeen_ += chunked_.position() - before;
  if (outcome == ChunkedDecoder::Outcome::refused) return refuse(chunked_.status());
  if (outcome == ChunkedDecoder::Outcome::needMore) return Outcome::needMore;
  head_->trailerBytes = static_cast<std::uint32_t>(chunked_.decodedEnd() - chunked_.bodyEnd());
  return finish(chunked_.position(), chunked_.bodyEnd() - bodyOffset_);
}

RequestReader::Outcome RequestReader::readPiece(char* data, std::size_t size) {
  if (head_->framing.kind() == BodyKind::chunked) {
    const Outcome outcome = readBody(data, size);
    bodyBytes_ = chunked_.bodyEnd() - bodyOffset_;
    return outcome;
  }
  const std::uint64_t arrived = std::min<std::uint64_t>(size - bodyOffset_, bodyBytesLeft_);
  bodyBytesSeen_ += arrived - bodyBytes_;
  bodyBytes_ = static_cast<std::size_t>(arrived);
  return arrived == bodyBytesLeft_ ? finish(bodyOffset_ + bodyBytes_, bodyBytes_) : Outcome::needMore;
}

std::size_t RequestReader::dropPiece(char* data, std::size_t size) {
  const std::size_t end = bodyOffset_ + bodyBytes_;
  std::memmove(data + bodyOffset_, data + end, size - end);
  size -= bodyBytes_;
  if (head_->framing.kind() == BodyKind::chunked) {
    chunked_.bodyDropped();
    if (stage_ == Stage::body) size = compact(data, size);
  } else {
    bodyBytesLeft_ -= bodyBytes_;
  }
  if (stage_ == Stage::done) consumed_ -= bodyBytes_;
  bodyBytes_ = 0;
  return size;
}

std::size_t RequestReader::compact(char* data, std::size_t size) {
  if (stage_ != Stage::body || head_->framing.kind() != BodyKind::chunked) return size;
  const std::size_t gap = chunked_.position() - chunked_.decodedEnd();
  std::memmove(data + chunked_.decodedEnd(), data + chunked_.position(), size - chunked_.position());
  chunked_.compacted();
  return size - gap;
}

RequestReader::Outcome RequestReader::refuse(int status) {
  status_ = status;
  return Outcome::refused;
}

RequestReader::Outcome RequestReader::finish(std::size_t consumed, std::size_t bodyBytes) {
  stage_ = Stage::done;
  consumed_ = consumed;
  bodyBytes_ = bodyBytes;
  return Outcome::complete;
}

}  // namespace h3::protocol
