#include "session/http1_session.hpp"

#include <new>
#include <utility>

#include "app/failure_log.hpp"
#include "protocol/response_writer.hpp"

namespace h3::session {
namespace {

using FsmAction = protocol::SessionFsm::Action;

// How much of a refused client's upload is read before the connection is closed. Generous, because closing
// early resets the connection and the client may never see the response; TimeoutConfig::lingerMs is the
// effective bound.
constexpr std::size_t kMaxDiscardedBytes = 64 * 1024 * 1024;
// A larger body is sent from its own memory, except its start, which is copied after the head. Until then the
// event stays, and no further request is read.
constexpr std::size_t kMaxCopiedBodyBytes = 64 * 1024;
// Never sent; unregistered, but what nginx logs in this case.
constexpr int kClientClosedRequest = 499;

}  // namespace

void Http1Session::open(std::string_view clientAddress) {
  fsm_.reset();
  request_.setClientAddress(clientAddress);
  discardedBytes_ = 0;
  handler_ = Handler::none;
  needsMoreInput_ = draining_ = false;
}

[[gnu::cold, gnu::noinline]] bool Http1Session::end() {
  if (awaitsHandler()) {
    request_.state().disconnect();  // last: it may complete the event, and end() is called again
    return false;
  }
  request_.release();
  return true;
}

Action Http1Session::process(InputWindow& input, ResponseQueue& output) {
  const LimitConfig& limits = context_->config.limits;
  std::size_t responses = 0;
  do {
    if (fsm_.phase() >= Phase::streaming) [[unlikely]] {
      if (fsm_.phase() == Phase::streaming) return continueStream(input, output);
      if (!discard(input)) return Action::close;
      break;
    }
    EventState& state = request_.prepare(input.data());
    FsmAction next = fsm_.next(input.data(), input.size(), state.head);
    if (next == FsmAction::decideBody) [[unlikely]]
      next = decideBody(input);
    switch (next) {
      case FsmAction::dispatch: {
        const Action action = dispatch(input, output);
        if (action == Action::wait) {
          if (canProcess(input, output)) return continueStream(input, output);
          return output.copiedBytes().empty() ? Action::wait : Action::send;
        }
        context_->countResponse();
        if (action == Action::close) [[unlikely]]
          return Action::close;
        if (output.hasBody()) return Action::send;
        break;
      }
      case FsmAction::askContinue:
        if (!respondToExpectation(input, output)) return Action::close;
        break;
      case FsmAction::refuse:
        request_.bind(fsm_.reader(), input.data());
        context_->countResponse();
        if (!refuse(fsm_.status(), output)) return Action::close;
        break;
      case FsmAction::decideBody:  // once a request
      case FsmAction::needInput:
        needsMoreInput_ = true;
        return responses != 0 ? Action::send : Action::wait;
    }
    ++responses;
  } while (!input.empty() && responses != limits.pipelineDepth &&
           output.copiedBytes().size() <= limits.outputBytes);
  return responses != 0 ? Action::send : Action::wait;
}

Action Http1Session::dispatch(InputWindow& input, ResponseQueue& output) {
  request_.bind(fsm_.reader(), input.data());
  EventState& state = request_.state();
  state.closeAfter = !state.head.keepAlive || draining_;
  if (fsm_.phase() == Phase::streaming) [[unlikely]]
    state.useStreams().beginBody();
  handler_ = Handler::running;
  context_->dispatcher.handle(request_.event());
  if (state.deferred) [[unlikely]] {
    if (handler_ == Handler::running) {
      handler_ = Handler::deferred;
      return Action::wait;
    }
    return finishHandler(input, output);  // it completed within its own call
  }
  handler_ = Handler::none;
  return respond(state, input, output);
}

// A deferred handler has ended.
[[gnu::cold, gnu::noinline]] Action Http1Session::finishHandler(InputWindow& input, ResponseQueue& output) {
  EventState& state = request_.state();
  if (finishesStream(state)) return endResponse(state, input, output);
  return respond(state, input, output);
}

// Not an error of the handler's. Only hooks see this response, access logs above all.
[[gnu::cold, gnu::noinline]] void Http1Session::respondToCancelled(Event& event) {
  EventState::of(event).error = nullptr;
  event.sendNothing(kClientClosedRequest);
}

[[gnu::cold, gnu::noinline]] Action Http1Session::expireHandler(ResponseQueue& output) {
  if (request_.state().responseBegun()) {
    context_->dispatcher.expireResponse(request_.event());
    return Action::close;
  }
  handler_ = Handler::expired;
  if (fsm_.phase() == Phase::streaming) fsm_.streamed();
  context_->dispatcher.expire(request_.event());
  context_->recordLatency(request_.event());
  return queueResponse(request_.state(), output) ? Action::send : Action::close;
}

[[gnu::cold, gnu::noinline]] void Http1Session::cancelHandler() {
  if (awaitsHandler()) request_.state().disconnect();
}

bool Http1Session::completeDeferred(Event& event) {
  const Handler handler = std::exchange(handler_, Handler::none);
  if (handler == Handler::running) return false;
  context_->clock.update();
  if (handler == Handler::expired) {
    fsm_.refused();
    return true;
  }
  EventState& state = EventState::of(event);
  if (state.wasCancelled()) [[unlikely]]
    respondToCancelled(event);
  (void)finishesStream(state);
  return true;
}

// Returns whether the response is ended by endResponse(); if not, it is now decided.
bool Http1Session::finishesStream(EventState& state) {
  if (state.endsStream()) return true;
  if (state.streams) state.streams->response.started = false;
  context_->dispatcher.finishDeferred(request_.event());
  return false;
}

Action Http1Session::respondDeferred(InputWindow& input, ResponseQueue& output) {
  if (hasSentLast()) {  // the handler has expired
    input.clear();
    request_.release();
    return Action::wait;
  }
  context_->recordLatency(request_.event());
  EventState& state = request_.state();
  if (draining_) state.closeAfter = true;  // draining may have started after the handler was called
  if (state.endsStream()) return endResponse(state, input, output);
  return respond(state, input, output);
}

// Queues the response, and finishes the request unless its bytes are still needed.
Action Http1Session::respond(EventState& state, InputWindow& input, ResponseQueue& output) {
  if (fsm_.phase() == Phase::streaming) [[unlikely]]
    leaveBody(state, input);
  const bool large = state.responseBody.size() > kMaxCopiedBodyBytes || state.bodyRest != nullptr;
  if (!queueResponse(state, output, large ? ResponseQueue::kCopiedStartBytes : std::string_view::npos))
    return Action::close;
  if (!output.hasBody()) finishRequest(state, input);
  return Action::send;
}

void Http1Session::finishRequest(const EventState& state, InputWindow& input) {
  fsm_.responded(!state.closeAfter);
  input.consume(fsm_.reader().consumed());
  request_.release();
}

// Returns false when it is too large for any buffer.
bool Http1Session::queueResponse(const EventState& state, ResponseQueue& output, std::size_t copiedBytes) {
  needsMoreInput_ = false;
  protocol::ResponseHead head = headOf(state);
  head.body = state.responseBody;
  head.copiedBytes = copiedBytes;
  try {
    if (state.bodyRest != nullptr) [[unlikely]] {
      queueStreamed(state, output, head);
    } else {
      const std::string_view rest = protocol::writeResponse(output.copied(), head);
      if (!rest.empty()) [[unlikely]]
        output.borrow(rest);
    }
  } catch (const std::bad_alloc&) {
    logFailure(request_.event(), "a response is larger than any buffer");
    return false;
  }
  countQueued(state);
  return true;
}

// All but the body.
protocol::ResponseHead Http1Session::headOf(const EventState& state) {
  protocol::ResponseHead head;
  head.status = state.status;
  head.minorVersion = state.head.minorVersion;
  head.keepAlive = !state.closeAfter;
  if (state.head.method == Method::head) [[unlikely]] {
    head.headRequest = true;
    if (state.lengthUnknown) head.length = protocol::BodyLength::unknown;
  }
  const protocol::ResponsePrefix& prefix = context_->responsePrefix();
  head.prefix = prefix.text();
  if (prefix.promisesMore() && (!head.keepAlive || head.minorVersion == 0)) [[unlikely]]
    head.prefix = prefix.lastText();
  head.contentType = state.contentType;
  head.fields = state.fields.all();
  return head;
}

void Http1Session::countQueued(const EventState& state) {
  WorkerCounters& counters = context_->services.counters;
  counters.add(Metric::requests);
  counters.add(static_cast<Metric>(static_cast<int>(Metric::responses1xx) + state.status / 100 - 1));
}

[[gnu::cold, gnu::noinline]] void Http1Session::queueStreamed(const EventState& state, ResponseQueue& output,
                                                              protocol::ResponseHead head) {
  head.moreBodyBytes = state.bodyRest->remainingBytes();
  const std::string_view borrowed = protocol::writeResponse(output.copied(), head);
  if (protocol::sendsBody(head) && head.moreBodyBytes != 0)
    return output.borrow(borrowed, state.bodyRest.get());
  output.borrow(borrowed);
}

[[gnu::cold, gnu::noinline]] bool Http1Session::respondToExpectation(const InputWindow& input,
                                                                     ResponseQueue& output) {
  request_.bind(fsm_.reader(), input.data());
  if (context_->dispatcher.wantsBody(request_.event())) {
    output.copied().append("HTTP/1.1 100 Continue\r\n\r\n");
    context_->services.counters.add(Metric::responses1xx);
    return true;
  }
  fsm_.refused();
  return queueResponse(request_.state(), output);
}

// Responds with an error and lets nothing more become a request.
[[gnu::cold, gnu::noinline]] bool Http1Session::refuse(int status, ResponseQueue& output) {
  context_->dispatcher.refuse(request_.event(), status);
  fsm_.refused();
  return queueResponse(request_.state(), output);
}

// The bytes may have moved since the reader has seen them, so the event's views are dropped.
Action Http1Session::refuseLate(InputWindow& input, ResponseQueue& output) {
  if (fsm_.phase() == Phase::streaming) return failBody(408, input, output);
  request_.unbind(input.data());
  return refuse(408, output) ? Action::send : Action::close;
}

std::size_t Http1Session::compact(InputWindow& input) {
  if (fsm_.phase() != Phase::body) return 0;
  input.shrinkTo(fsm_.reader().compact(input.data(), input.size()));
  return fsm_.reader().expectedBytes();
}

// Returns false when the client has sent too much.
[[gnu::cold, gnu::noinline]] bool Http1Session::discard(InputWindow& input) {
  discardedBytes_ += input.size();
  input.clear();
  request_.release();
  return discardedBytes_ <= kMaxDiscardedBytes;
}

}  // namespace h3::session
