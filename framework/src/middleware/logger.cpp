#include "h3http/logger.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "http/status.hpp"
#include "middleware/elapsed.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxMethodBytes = 32;  // a client may send any token
constexpr std::size_t kTailBytes = 256;      // the part after the target: numbers and a client address

// A log line of bounded length, on the stack.
class LogLine {
 public:
  LogLine& put(std::string_view text) {
    const std::size_t bytes = std::min(text.size(), line_.size() - 1 - size_);
    std::copy_n(text.data(), bytes, line_.data() + size_);
    size_ += bytes;
    return *this;
  }

  LogLine& put(std::uint64_t number) {
    std::array<char, 20> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return put(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
  }

  // Takes at most `maxBytes` of the line; "-" for empty texts, "..." for cut ones.
  LogLine& putEscaped(std::initializer_list<std::string_view> texts, std::size_t maxBytes) {
    const std::size_t limit = size_ + maxBytes - 3;
    const std::size_t before = size_;
    for (const std::string_view text : texts) {
      for (const char c : text) {
        std::array<char, 4> room;
        const std::string_view piece = escape(c, room);
        if (size_ + piece.size() > limit) return put("...");
        put(piece);
      }
    }
    return size_ == before ? put("-") : *this;
  }

  std::string_view finish() {
    line_[size_++] = '\n';
    return {line_.data(), size_};
  }

  std::size_t size() const { return size_; }

 private:
  static std::string_view escape(char c, std::array<char, 4>& room) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      room = {'\\', c, 0, 0};
      return {room.data(), 2};
    }
    if (byte >= 0x20 && byte < 0x7f) {
      room[0] = c;
      return {room.data(), 1};
    }
    room = {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    return {room.data(), 4};
  }

  std::array<char, kMaxLogLineBytes> line_;
  std::size_t size_ = 0;
};

std::uint64_t bodyBytes(const Event& event) {
  return event.method() == Method::head || !allowsBody(event.status()) ? 0 : event.responseBytes();
}

std::string_view formatLine(LogLine& line, const Event& event) {
  line.putEscaped({event.methodText()}, kMaxMethodBytes).put(" \"");
  const std::size_t targetBytes = kMaxLogLineBytes - kTailBytes - line.size();
  if (event.path().empty()) {  // refused: the target is all there is
    line.putEscaped({event.target()}, targetBytes);
  } else {
    line.putEscaped({event.path(), event.query().empty() ? "" : "?", event.query()}, targetBytes);
  }
  line.put("\" ");
  line.put(static_cast<std::uint64_t>(event.status())).put(" ").put(bodyBytes(event)).put("B ");
  line.put(elapsedNs(event) / 1000).put("us ").putEscaped({event.clientAddress()}, 64);
  return line.finish();
}

void writeToStandardError(std::string_view line) {
  // A line that cannot be written is lost: logging must not fail a request.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void logger(App& app, LoggerOptions options) {
  if (!options.sink) options.sink = writeToStandardError;
  app.onResponse([sink = std::move(options.sink)](Event& event) {
    LogLine line;
    sink(formatLine(line, event));
  });
}

}  // namespace h3
