#include "driven_connection.hpp"

#include <chrono>
#include <ctime>
#include <utility>

#include "app/event_state.hpp"
#include "monitor/monitor_state.hpp"

namespace h3::test {
namespace {

const std::string kLarge(DrivenConnection::kLargeBytes, 'L');
constexpr std::size_t kMaxConnections = 4;
constexpr int kMaxBatches = 100'000;
constexpr long kPauseMs = 20;

class Pieces final : public BodySource {
 public:
  explicit Pieces(DrivenConnection& owner) : owner_(owner) {}
  Piece next() override {
    const Piece piece = owner_.pieces.front();
    owner_.pieces.pop_front();
    return piece;
  }
  std::uint64_t remainingBytes() const noexcept override { return owner_.piecesBytes; }
  std::size_t heldBytes() const noexcept override { return 0; }

 private:
  DrivenConnection& owner_;
};

App makeApp(DrivenConnection& owner) {
  App app;
  app.onResponse([&owner](Event&) { ++owner.hooks; });
  app.get("/", [](Event& event) { event.sendText("hello"); });
  app.get("/large", [](Event& event) { event.sendView(kLarge, "text/plain"); });
  app.get("/pieces", [&owner](Event& event) {
    event.sendView("", "text/plain");
    EventState& state = EventState::of(event);
    state.continueBody(state.makeBodySource<Pieces>(owner));
  });
  const auto later = [&owner](Event& event) {
    owner.handle = event.defer();
    owner.later = &event;
  };
  app.get("/later", later);
  app.get("/later/limited", later).limitTime(std::chrono::milliseconds(DrivenConnection::kLimitedMs));
  app.get("/instant", [](Event& event) {
    event.defer();
    event.sendText("instant");
    event.complete();
  });
  app.post("/echo", [](Event& event) { event.sendBytes(event.readBody(), "text/plain"); });
  return app;
}

}  // namespace

DrivenConnection::DrivenConnection(Config settings)
    : config_(std::move(settings)),
      app_(makeApp(*this)),
      limiter(kMaxConnections, 1),
      session(config_, Dispatcher::of(app_), monitor_, MonitorState::of(monitor_).addWorker()),
      context(session, reactor, limiter),
      connection(context) {
  context.queues.reserve(kMaxConnections);
  (void)session.responsePrefix();  // reads the clock, once a second
  (void)limiter.acquire(kAddress);
  connection.open(FakeReactor::kSocket, kAddress);
}

void DrivenConnection::letTimePass() {
  const timespec time{0, kPauseMs * 1'000'000};
  ::nanosleep(&time, nullptr);
  session.clock.update();
}

int DrivenConnection::serve() {
  int batches = 0;
  for (; context.queues.hasReady() && batches < kMaxBatches; ++batches) serveOnce();
  context.queues.reapClosed([this](server::Connection&) { ++recycled; });
  return batches;
}

void DrivenConnection::serveOnce() {
  const auto ready = context.queues.ready();
  server::Batch(reactor).serve(ready);
  context.queues.removeServed(ready.size());
}

void DrivenConnection::completeLaterWith(std::string_view text) {
  Event& event = *std::exchange(later, nullptr);
  event.sendText(text);
  event.complete();
  serve();
}

bool DrivenConnection::isRecycled() {
  return !connection.isOpen() && reactor.isClosed() && recycled == 1 && limiter.open() == 0 &&
         eventsInUse() == 0 && buffersInUse() == 0 && count(Metric::connectionsClosed) == 1;
}

std::size_t DrivenConnection::buffersInUse() {
  context.inputs.clear();
  context.outputs.clear();
  return session.services.memory.buffers().stats().inUse;
}

std::string statusesOf(std::string_view sent) {
  std::string statuses;
  for (std::size_t at = sent.find("HTTP/1.1 "); at != std::string_view::npos;
       at = sent.find("HTTP/1.1 ", at + 1))
    statuses.append(statuses.empty() ? "" : "|").append(sent.substr(at + 9, 3));
  return statuses;
}

std::string_view bodyOf(std::string_view sent) {
  const std::size_t end = sent.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view() : sent.substr(end + 4);
}

}  // namespace h3::test
