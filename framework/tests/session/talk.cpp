#include "talk.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <utility>

#include "app/event_state.hpp"
#include "h3http/stream.hpp"
#include "monitor/monitor_state.hpp"

namespace h3::test {
namespace {

const std::string kBytes(100'000, 'L');

class NothingMore final : public BodySource {
 public:
  Piece next() override { return {}; }
  std::uint64_t remainingBytes() const noexcept override { return 0; }
  std::size_t heldBytes() const noexcept override { return 0; }
};

void addResponses(App& app) {
  app.get("/", [](Event& event) { event.sendText(event.clientAddress()); });
  app.post("/", [](Event& event) { event.sendText("posted"); });
  app.head("/own", [](Event& event) { event.sendText(""); });
  app.get("/bytes/:count", [](Event& event) {
    event.setHeader("X-Own", "1");
    const std::size_t count = std::stoul(std::string(*event.getParam("count")));
    event.sendView(std::string_view(kBytes).substr(0, count), "text/plain");
  });
  app.get("/streamed", [](Event& event) {
    event.sendView(std::string_view(kBytes).substr(0, Talk::kStreamedBytes), "text/plain");
    EventState& state = EventState::of(event);
    state.continueBody(state.makeBodySource<NothingMore>());
  });
}

App makeApp(Talk& talk) {
  App app;
  addResponses(app);
  app.get("/later", [&talk](Event& event) {
    event.defer();
    talk.later = &event;
  });
  app.post("/upload",
           [&talk](Event& event) {
             receiveBody(event, [&talk, &event](std::string_view piece) {
               talk.uploaded.append(piece).append("|");
               if (piece.empty()) event.sendText("read");
             });
           })
      .streamBody(Talk::kUploadBytes);
  app.get("/download", [&talk](Event& event) {
    sendPieces(event, "text/plain", [&talk, piece = std::string()]() mutable -> std::string_view {
      if (talk.toSend.empty()) return {};
      piece = std::move(talk.toSend.front());
      talk.toSend.pop_front();
      return piece;
    });
  });
  app.onResponse([&talk](Event& event) {
    talk.lastPath = event.path();
    talk.lastStatus = event.status();
  });
  return app;
}

}  // namespace

Talk::Talk(Config settings)
    : config(std::move(settings)),
      app(makeApp(*this)),
      context(config, Dispatcher::of(app), monitor, MonitorState::of(monitor).addWorker()),
      shelf(context.services.memory.buffers()),
      input(shelf),
      output(shelf),
      http(context, *this) {
  http.open(kAddress);
}

void Talk::onHandlerDone(Event& event) {
  ++completions;
  completedLater = http.completeDeferred(event);
}

void Talk::receive(std::string_view bytes) {
  REQUIRE(input.hasRoom());
  std::memcpy(input.room().data(), bytes.data(), bytes.size());
  input.add(bytes.size());
  http.inputArrived();
}

session::Action Talk::process(std::string_view bytes) {
  if (!bytes.empty()) receive(bytes);
  return http.process(input, output);
}

std::string Talk::takeOutput() {
  std::string bytes(output.copiedBytes());
  output.consumeCopied(bytes.size());
  return bytes;
}

}  // namespace h3::test
