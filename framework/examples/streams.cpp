// Bodies of any size in the memory of a few buffers: uploads and downloads piece by piece.
//
//     h3-streams --port 8080 &
//     head -c 10G /dev/zero | curl -T - http://127.0.0.1:8080/upload
//     curl -o /dev/null 'http://127.0.0.1:8080/download?bytes=10737418240'
//     curl -N 'http://127.0.0.1:8080/ticks?count=3'
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <limits>
#include <string>
#include <string_view>

#include "h3http/async.hpp"
#include "h3http/h3.hpp"
#include "h3http/stream.hpp"

namespace {

using h3::Event;
using Work = boost::asio::awaitable<void>;

constexpr std::uint64_t kMaxUploadBytes = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kPieceBytes = 64 * 1024;

std::uint64_t number(Event& event, std::string_view name, std::uint64_t fallback) {
  const auto text = event.getQuery(name);
  if (!text) return fallback;
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text->data() + text->size())
    throw h3::HttpError(400, std::string(name) + ": expected a number");
  return value;
}

/// Counts what it is sent.
Work upload(Event& event) {
  std::uint64_t bytes = 0;
  for (std::string_view piece; !(piece = co_await event.readSome()).empty();) bytes += piece.size();
  event.sendJson({{"bytes", bytes}});
}

/// At most `bytes` of a long text.
std::string_view someText(std::uint64_t bytes) {
  static const std::string text(kPieceBytes, 'x');
  return std::string_view(text).substr(0, std::min<std::uint64_t>(bytes, text.size()));
}

/// Sends `bytes` times an 'x'.
Work download(Event& event) {
  std::uint64_t left = number(event, "bytes", kPieceBytes);
  event.startStream("application/octet-stream", left);
  while (left != 0) {
    const std::string_view piece = someText(left);
    co_await event.write(piece);
    left -= piece.size();
  }
}

/// upload() by callbacks: no coroutine, so no heap memory.
void uploadByCallbacks(Event& event) {
  h3::receiveBody(event, [&event, bytes = std::uint64_t{0}](std::string_view piece) mutable {
    bytes += piece.size();
    if (piece.empty()) event.sendJson({{"bytes", bytes}});
  });
}

/// download() by callbacks, in chunks.
void downloadByCallbacks(Event& event) {
  h3::sendPieces(event, "application/octet-stream", [left = number(event, "bytes", kPieceBytes)]() mutable {
    const std::string_view piece = someText(left);
    left -= piece.size();
    return piece;
  });
}

/// Sends back what it is sent, while it is sent.
Work echo(Event& event) {
  event.startStream("application/octet-stream");
  for (std::string_view piece; !(piece = co_await event.readSome()).empty();) co_await event.write(piece);
}

/// Server-sent events, `count` of them every `ms` milliseconds.
Work ticks(Event& event) {
  const std::uint64_t count = number(event, "count", 10);
  const std::chrono::milliseconds interval(std::min<std::uint64_t>(number(event, "ms", 1000), 60'000));
  event.setHeader("Cache-Control", "no-store");
  event.startStream("text/event-stream");
  boost::asio::steady_timer timer(h3::executorOf(event));
  std::array<char, 40> text;
  for (std::uint64_t i = 0; i < count; ++i) {
    const int bytes =
        std::snprintf(text.data(), text.size(), "data: %llu\n\n", static_cast<unsigned long long>(i));
    co_await event.write({text.data(), static_cast<std::size_t>(bytes)});
    timer.expires_after(interval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command("h3-streams: bodies piece by piece", "h3-streams");
  h3::Config config = h3::Config::production();
  command.add_option("--port", config.port, "TCP port on 127.0.0.1; 0 lets the system choose")
      ->capture_default_str();
  command.add_option("--threads", config.threads, "worker threads")->capture_default_str();
  CLI11_PARSE(command, argc, argv);
  try {
    h3::App app;
    app.put("/upload", upload).streamBody(kMaxUploadBytes);
    app.post("/upload", upload).streamBody(kMaxUploadBytes);
    app.post("/upload/callbacks", uploadByCallbacks).streamBody(kMaxUploadBytes);
    app.get("/download", download);
    app.get("/download/callbacks", downloadByCallbacks);
    app.post("/echo", echo).streamBody(kMaxUploadBytes);
    app.get("/ticks", ticks);
    app.get("/health", [](Event& event) { event.sendView("ok", "text/plain"); });
    h3::exposeMetrics(app, "/metrics", "/metrics.json");
    return h3::serve(app, config);
  } catch (const std::exception& error) {
    std::cerr << "h3-streams: " << error.what() << '\n';
    return 1;
  }
}
