#include "middleware/log_line.hpp"

#include <charconv>
#include <chrono>

#include "h3http/request_id.hpp"
#include "http/status.hpp"
#include "middleware/elapsed.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMaxMethodBytes = 32;  // a client may send any token
constexpr std::size_t kMaxClientBytes = 64;
constexpr std::size_t kMaxIdBytes = 160;
constexpr std::size_t kMaxFieldBytes = 512;  // Referer, User-Agent
constexpr std::size_t kMaxRouteBytes = 256;
constexpr std::size_t kTailBytes = 256;  // what follows a target: numbers and a client address
constexpr std::size_t kLongTailBytes = kTailBytes + kMaxIdBytes + 2 * kMaxFieldBytes + kMaxRouteBytes;

using Escape = std::array<char, 6>;

std::string_view escapeByte(char c, LogLine::Escapes escapes, Escape& room) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    room = {'\\', c};
    return {room.data(), 2};
  }
  if (byte >= 0x20 && byte < 0x7f) {
    room[0] = c;
    return {room.data(), 1};
  }
  if (escapes == LogLine::Escapes::hex) {
    room = {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    return {room.data(), 4};
  }
  room = {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
  return {room.data(), 6};
}

std::uint64_t bodyBytes(const Event& event) {
  return event.method() == Method::head || !allowsBody(event.status()) ? 0 : event.responseBytes();
}

void putTarget(LogLine& line, const Event& event, std::size_t tailBytes,
               LogLine::Escapes escapes = LogLine::Escapes::hex) {
  const std::size_t maxBytes = kMaxLogLineBytes - tailBytes - line.size();
  if (event.path().empty()) {  // refused: the target is all there is
    line.putEscaped({event.target()}, maxBytes, escapes);
  } else {
    line.putEscaped({event.path(), event.query().empty() ? "" : "?", event.query()}, maxBytes, escapes);
  }
}

void putBrief(LogLine& line, const Event& event) {
  line.putEscaped({event.methodText()}, kMaxMethodBytes).put(" \"");
  putTarget(line, event, kTailBytes);
  line.put("\" ");
  line.put(static_cast<std::uint64_t>(event.status())).put(" ").put(bodyBytes(event)).put("B ");
  line.put(elapsedNs(event) / 1000).put("us ").putEscaped({event.clientAddress()}, kMaxClientBytes);
}

struct CivilTime {
  explicit CivilTime(std::time_t seconds) {
    using namespace std::chrono;
    const sys_seconds time{std::chrono::seconds(seconds)};
    const sys_days day = floor<days>(time);
    date = year_month_day(day);
    clock = hh_mm_ss<std::chrono::seconds>(time - day);
  }
  unsigned day() const { return static_cast<unsigned>(date.day()); }
  unsigned month() const { return static_cast<unsigned>(date.month()); }
  unsigned year() const { return static_cast<unsigned>(static_cast<int>(date.year())); }
  void putClock(LogLine& line) const {
    line.putDigits(static_cast<unsigned>(clock.hours().count()), 2).put(":");
    line.putDigits(static_cast<unsigned>(clock.minutes().count()), 2).put(":");
    line.putDigits(static_cast<unsigned>(clock.seconds().count()), 2);
  }

  std::chrono::year_month_day date{};
  std::chrono::hh_mm_ss<std::chrono::seconds> clock{};
};

void putCombinedTime(LogLine& line, std::time_t seconds) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const CivilTime time(seconds);
  line.put("[").putDigits(time.day(), 2).put("/").put(kMonths.substr((time.month() - 1) * 3, 3)).put("/");
  line.putDigits(time.year(), 4).put(":");
  time.putClock(line);
  line.put(" +0000]");
}

void putIsoTime(LogLine& line, const timespec& now) {
  const CivilTime time(now.tv_sec);
  line.putDigits(time.year(), 4)
      .put("-")
      .putDigits(time.month(), 2)
      .put("-")
      .putDigits(time.day(), 2)
      .put("T");
  time.putClock(line);
  line.put(".").putDigits(static_cast<unsigned>(now.tv_nsec / 1'000'000), 3).put("Z");
}

std::string_view versionOf(const Event& event) { return event.minorVersion() == 0 ? "1.0" : "1.1"; }

void putCombined(LogLine& line, const Event& event, const timespec& now) {
  line.putEscaped({event.clientAddress()}, kMaxClientBytes).put(" - - ");
  putCombinedTime(line, now.tv_sec);
  line.put(" \"").putEscaped({event.methodText()}, kMaxMethodBytes).put(" ");
  putTarget(line, event, kLongTailBytes);
  line.put(" HTTP/").put(versionOf(event)).put("\" ");
  line.put(static_cast<std::uint64_t>(event.status())).put(" ").put(bodyBytes(event));
  line.put(" \"").putEscaped({event.getHeader("Referer").value_or("")}, kMaxFieldBytes);
  line.put("\" \"").putEscaped({event.getHeader("User-Agent").value_or("")}, kMaxFieldBytes);
  line.put("\" \"").putEscaped({event.getContext(kRequestIdKey).value_or("")}, kMaxIdBytes).put("\"");
}

void putJsonText(LogLine& line, std::string_view name, std::string_view value, std::size_t maxBytes) {
  if (value.empty()) return;
  line.put(",\"").put(name).put("\":\"").putEscaped({value}, maxBytes, LogLine::Escapes::json).put("\"");
}

void putJsonNumber(LogLine& line, std::string_view name, std::uint64_t value) {
  line.put(",\"").put(name).put("\":").put(value);
}

void putJson(LogLine& line, const Event& event, const timespec& now) {
  line.put("{\"time\":\"");
  putIsoTime(line, now);
  line.put("\"");
  putJsonText(line, "request_id", event.getContext(kRequestIdKey).value_or(""), kMaxIdBytes);
  putJsonText(line, "client", event.clientAddress(), kMaxClientBytes);
  putJsonText(line, "method", event.methodText(), kMaxMethodBytes);
  line.put(",\"target\":\"");
  putTarget(line, event, kLongTailBytes, LogLine::Escapes::json);
  line.put("\"");
  putJsonText(line, "route", event.routePattern(), kMaxRouteBytes);
  putJsonText(line, "version", versionOf(event), kMaxMethodBytes);
  putJsonNumber(line, "status", static_cast<std::uint64_t>(event.status()));
  putJsonNumber(line, "bytes", bodyBytes(event));
  putJsonNumber(line, "us", elapsedNs(event) / 1000);
  putJsonText(line, "referer", event.getHeader("Referer").value_or(""), kMaxFieldBytes);
  putJsonText(line, "user_agent", event.getHeader("User-Agent").value_or(""), kMaxFieldBytes);
  line.put("}");
}

}  // namespace

LogLine& LogLine::put(std::string_view text) {
  const std::size_t bytes = std::min(text.size(), line_.size() - 1 - size_);
  std::copy_n(text.data(), bytes, line_.data() + size_);
  size_ += bytes;
  return *this;
}

LogLine& LogLine::put(std::uint64_t number) {
  std::array<char, 20> digits;
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return put(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

LogLine& LogLine::putDigits(unsigned number, unsigned digits) {
  std::array<char, 10> text;
  for (unsigned i = digits; i != 0; --i, number /= 10) text[i - 1] = static_cast<char>('0' + number % 10);
  return put(std::string_view(text.data(), digits));
}

LogLine& LogLine::putEscaped(std::initializer_list<std::string_view> texts, std::size_t maxBytes,
                             Escapes escapes, std::string_view absent) {
  const std::size_t limit = size_ + maxBytes - 3;
  const std::size_t before = size_;
  for (const std::string_view text : texts) {
    for (const char c : text) {
      Escape room;
      const std::string_view piece = escapeByte(c, escapes, room);
      if (size_ + piece.size() > limit) return put("...");
      put(piece);
    }
  }
  return size_ == before ? put(absent) : *this;
}

std::string_view LogLine::finish() {
  line_[size_++] = '\n';
  return {line_.data(), size_};
}

std::string_view formatLogLine(LogLine& line, const Event& event, LogFormat format, const timespec& now) {
  switch (format) {
    case LogFormat::combined:
      putCombined(line, event, now);
      break;
    case LogFormat::json:
      putJson(line, event, now);
      break;
    default:
      putBrief(line, event);
      break;
  }
  return line.finish();
}

}  // namespace h3
