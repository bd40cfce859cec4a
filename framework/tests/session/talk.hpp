// A session with its input and output, without a connection.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "h3http/app.hpp"
#include "h3http/monitor.hpp"
#include "session/http1_session.hpp"

namespace h3::test {

inline const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
inline const std::string kGetAndClose = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
inline const std::string kGetLater = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";

/// What one client and its session say to each other.
///
/// Routes: GET / the client's address; POST / "posted"; GET /later, deferred; GET /bytes/:count so many of them,
/// with a field; HEAD /own, a handler that sends nothing; GET /streamed kStreamedBytes, and a source of none;
/// POST /upload "read", its pieces go to `uploaded`; GET /download the pieces of `toSend`, by sendPieces().
struct Talk final : EventHost {
  static constexpr std::string_view kAddress = "192.0.2.1";
  static constexpr std::size_t kStreamedBytes = 20 * 1024;
  static constexpr std::size_t kUploadBytes = 100'000;

  explicit Talk(Config settings = Config::testing());

  void receive(std::string_view bytes);
  session::Action process(std::string_view bytes = "");
  std::string takeOutput();
  void onHandlerDone(Event& event) override;
  void onBodyWanted(Event&) override {}
  bool onWritten(Event&, std::string_view bytes) override { return http.write(bytes, output); }
  void onInterim(Event&, std::string_view bytes) override { http.writeInterim(bytes, output); }
  std::size_t eventsInUse() const { return context.services.events.stats().inUse; }

  std::string uploaded;  ///< each piece with a "|" behind it
  std::deque<std::string> toSend;
  Event* later = nullptr;
  int completions = 0;
  bool completedLater = false;
  Config config;
  std::string lastPath;  ///< as the last onResponse hook saw it
  int lastStatus = 0;    ///< the same
  App app;
  Monitor monitor;
  session::SessionContext context;
  BufferShelf shelf;
  session::InputWindow input;
  session::ResponseQueue output;
  session::Http1Session http;
};

}  // namespace h3::test
