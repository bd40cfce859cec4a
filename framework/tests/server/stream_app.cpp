#include "stream_app.hpp"

#include <boost/system/system_error.hpp>
#include <cstdint>

#include "h3http/stream.hpp"

namespace h3::test {
namespace {

using Work = boost::asio::awaitable<void>;

constexpr std::uint64_t kGigabyte = 1024 * 1024 * 1024;

}  // namespace

std::string pattern(std::size_t bytes) {
  std::string text(bytes, ' ');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

StreamApp::StreamApp() {
  addUploads();
  addDownloads();
  app.get("/", [](Event& event) { event.sendText("hello"); });
}

Work StreamApp::count(Event& event) {
  std::uint64_t bytes = 0;
  try {
    for (std::string_view piece; !(piece = co_await event.readSome()).empty();) {
      bytes += piece.size();
      ++pieces;
    }
  } catch (const HttpError& error) {
    refusedWith = error.status();
    throw;
  } catch (const boost::system::system_error&) {
    ++aborted;
    throw;
  }
  event.sendText(std::to_string(bytes) + std::string(event.getTrailer("Sum").value_or("")));
}

void StreamApp::addUploads() {
  app.post("/count", [this](Event& event) { return count(event); }).streamBody(kGigabyte);
  app.post("/count/small", [this](Event& event) { return count(event); }).streamBody(1000);
  app.post("/whole", [this](Event& event) { return count(event); });
  app.post("/ignored",
           [](Event& event) -> Work {
             event.setStatus(403).sendText("no");
             co_return;
           })
      .streamBody(kGigabyte);
  app.post("/sink",
           [](Event& event) {
             receiveBody(event, [&event, bytes = 0UL](std::string_view piece) mutable {
               bytes += piece.size();
               if (piece.empty()) event.sendText(std::to_string(bytes));
             });
           })
      .streamBody(kGigabyte);
  app.post("/echo",
           [](Event& event) -> Work {
             event.startStream("application/octet-stream");
             for (std::string_view piece; !(piece = co_await event.readSome()).empty();)
               co_await event.write(piece);
           })
      .streamBody(kGigabyte);
  app.post("/limited", [](Event& event) { event.sendText(std::to_string(event.readBody().size())); })
      .limitBody(100);
}

void StreamApp::addDownloads() {
  app.get("/parts/:bytes/:count", [this](Event& event) -> Work {
    const std::string part = pattern(std::stoul(std::string(*event.getParam("bytes"))));
    const int count = std::stoi(std::string(*event.getParam("count")));
    event.startStream("text/plain");
    try {
      for (int i = 0; i < count; ++i) {
        co_await event.write(part);
        ++pieces;
      }
    } catch (const boost::system::system_error&) {
      ++aborted;
      throw;
    }
  });
  app.get("/announced/:given", [](Event& event) -> Work {
    const std::string part = pattern(std::stoul(std::string(*event.getParam("given"))));
    event.startStream("text/plain", 100);
    if (!part.empty()) co_await event.write(part);
  });
  app.get("/fails/:after", [](Event& event) -> Work {
    event.startStream("text/plain");
    if (*event.getParam("after") == "write") co_await event.write("begun");
    throw HttpError(418, "short and stout");
  });
  app.get("/produced", [](Event& event) {
    sendPieces(event, "text/plain", [left = 3, text = std::string()]() mutable -> std::string_view {
      if (left-- == 0) return {};
      text.assign(40'000, static_cast<char>('a' + left));
      return text;
    });
  });
  app.get("/unstarted", [](Event& event) -> Work { co_await event.write("x"); });
}

}  // namespace h3::test
