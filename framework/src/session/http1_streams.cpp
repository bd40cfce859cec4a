// Requests and responses of Http1Session that are read and written piece by piece.
#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>

#include "app/failure_log.hpp"
#include "http/status.hpp"
#include "protocol/response_writer.hpp"
#include "session/http1_session.hpp"

namespace h3::session {
namespace {

using PieceOutcome = protocol::RequestReader::Outcome;

// "\r\n", 16 hex digits, "\r\n" before a chunk, and "\r\n" behind it.
constexpr std::size_t kMaxChunkFrameBytes = 22;

void appendChunkHead(protocol::OutputBuffer& out, std::size_t bytes, bool closesLast) {
  std::array<char, kMaxChunkFrameBytes> text;
  char* at = text.data();
  const auto endLine = [&at] {
    *at++ = '\r';
    *at++ = '\n';
  };
  if (closesLast) endLine();
  at = std::to_chars(at, text.data() + text.size(), bytes, 16).ptr;
  endLine();
  out.append({text.data(), static_cast<std::size_t>(at - text.data())});
}

}  // namespace

// --- the request

// A streamed body's bytes come and go behind the head, which stays where it is, since the event points there.
protocol::SessionFsm::Action Http1Session::decideBody(InputWindow& input) {
  protocol::RequestReader& reader = fsm_.reader();
  request_.bind(reader, input.data());
  const Dispatcher::BodyRule rule = context_->dispatcher.bodyRule(request_.event());
  reader.limitBody(rule.maxBytes);
  if (rule.streams) {
    reader.streamBody();
    input.reserve(reader.headBytes() + context_->limits.streamedTrailerBytes);
  }
  return fsm_.next(input.data(), input.size(), request_.prepare(input.data()).head);
}

Action Http1Session::continueStream(InputWindow& input, ResponseQueue& output) {
  do {
    if (!feedBody(input, output)) {
      needsMoreInput_ = true;
      break;
    }
    const Action action = resume(input, output);
    if (action != Action::wait) return action;
  } while (fsm_.phase() == Phase::streaming && awaits(EventStreams::Awaited::body));
  return output.empty() ? Action::wait : Action::send;
}

// Returns false when nothing has arrived.
bool Http1Session::feedBody(InputWindow& input, ResponseQueue& output) {
  EventState& state = request_.state();
  protocol::RequestReader& reader = fsm_.reader();
  char* const data = input.data();
  input.shrinkTo(reader.dropPiece(data, input.size()));
  const PieceOutcome outcome = reader.readPiece(data, input.size());
  if (outcome == PieceOutcome::refused) {
    state.streams->failBody(reader.status());
    state.closeAfter = true;
    fsm_.streamed();
    return true;
  }
  const std::string_view piece = reader.piece(data);
  state.streams->feed(piece);
  if (outcome == PieceOutcome::complete) {
    state.streams->endBody();
    state.body = {piece.data() + piece.size(), 0};  // the trailers lie behind it
    fsm_.streamed();
    return true;
  }
  if (!piece.empty()) return true;
  if (state.head.expectContinue && state.head.minorVersion > 0 && reader.bodyBytesSeen() == 0 &&
      !state.responseBegun()) {
    state.head.expectContinue = false;
    output.copied().append("HTTP/1.1 100 Continue\r\n\r\n");
    context_->services.counters.add(Metric::responses1xx);
  }
  return false;
}

// The handler, which waits for the body, sees this as an HttpError.
Action Http1Session::failBody(int status, InputWindow& input, ResponseQueue& output) {
  EventState& state = request_.state();
  state.streams->failBody(status);
  state.closeAfter = true;
  fsm_.streamed();
  const Action action = resume(input, output);
  return action == Action::wait && !output.empty() ? Action::send : action;
}

// The handler has ended without reading all of it. If the rest has not arrived, the connection cannot be used again.
void Http1Session::leaveBody(EventState& state, InputWindow& input) {
  protocol::RequestReader& reader = fsm_.reader();
  input.shrinkTo(reader.dropPiece(input.data(), input.size()));
  if (reader.readPiece(input.data(), input.size()) != PieceOutcome::complete) state.closeAfter = true;
  fsm_.streamed();
}

// --- the handler

Action Http1Session::resume(InputWindow& input, ResponseQueue& output) {
  handler_ = Handler::running;
  request_.state().streams->resume();
  if (handler_ == Handler::running) {
    handler_ = Handler::deferred;
    return Action::wait;
  }
  context_->recordLatency(request_.event());
  return finishHandler(input, output);
}

// --- the response

bool Http1Session::write(std::string_view bytes, ResponseQueue& output) {
  EventState& state = request_.state();
  EventStreams::Response& response = state.useStreams().response;
  if (response.remainingBytes && bytes.size() > *response.remainingBytes)
    throw std::length_error("a response is longer than the Content-Length that it has announced");
  if (!response.begun) beginResponse(state, output);
  if (!response.hasBody || bytes.empty()) return true;
  if (response.remainingBytes) *response.remainingBytes -= bytes.size();
  const bool copies = output.copied().fits(bytes.size() + kMaxChunkFrameBytes);
  if (response.chunked) appendChunkHead(output.copied(), bytes.size(), response.chunkOpen);
  response.lent = !copies;
  response.chunkOpen = response.chunked && !copies;
  if (copies) {
    output.copied().append(bytes);
    if (response.chunked) output.copied().append("\r\n");
  } else {
    output.borrow(bytes);
  }
  return copies;
}

// Not once another response has been sent in the handler's place.
void Http1Session::writeInterim(std::string_view bytes, ResponseQueue& output) {
  if (!awaitsHandler() || hasSentLast()) return;
  output.copied().append(bytes);
  context_->services.counters.add(Metric::responses1xx);
}

void Http1Session::beginResponse(EventState& state, ResponseQueue& output) {
  EventStreams::Response& response = state.streams->response;
  if (draining_) state.closeAfter = true;
  if (fsm_.phase() == Phase::handling) needsMoreInput_ = false;
  context_->dispatcher.beginResponse(request_.event());
  const bool lengthKnown = response.remainingBytes.has_value();
  response.chunked = !lengthKnown && state.head.minorVersion > 0;
  if (!lengthKnown && !response.chunked) state.closeAfter = true;  // the body ends with the connection
  response.hasBody = state.head.method != Method::head && allowsBody(state.status);
  protocol::ResponseHead head = headOf(state);
  head.moreBodyBytes = response.remainingBytes.value_or(0);
  if (!lengthKnown)
    head.length = response.chunked ? protocol::BodyLength::chunked : protocol::BodyLength::unknown;
  protocol::writeResponse(output.copied(), head);
  response.begun = true;
  countQueued(state);
}

// What was lent has been sent.
void Http1Session::takeBack() { request_.state().streams->response.lent = false; }

Action Http1Session::endResponse(EventState& state, InputWindow& input, ResponseQueue& output) {
  const EventStreams::Response& response = state.streams->response;
  if (!response.begun) beginResponse(state, output);
  const bool isShort = response.lent || response.remainingBytes.value_or(0) != 0;
  if (response.hasBody && (state.error || isShort)) {
    if (isShort && !state.error)
      logFailure(request_.event(),
                 "a response is shorter than the Content-Length that it has announced, and is cut");
    context_->dispatcher.endResponse(request_.event());
    context_->services.counters.add(Metric::bodiesCut);
    return Action::close;
  }
  if (response.hasBody && response.chunked)
    output.copied().append(response.chunkOpen ? "\r\n0\r\n\r\n" : "0\r\n\r\n");
  needsMoreInput_ = false;
  if (fsm_.phase() == Phase::streaming) leaveBody(state, input);
  finishRequest(state, input);
  return Action::send;
}

}  // namespace h3::session
