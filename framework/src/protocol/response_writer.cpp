#include "protocol/response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string>

#include "http/control_bytes.hpp"
#include "http/short_text.hpp"
#include "http/status.hpp"
#include "protocol/field_role.hpp"
#include "protocol/field_text.hpp"
#include "protocol/response_prefix.hpp"

namespace h3::protocol {
namespace {

// "00" to "99".
constexpr std::array<char, 200> kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

// Writes into memory that was reserved beforehand.
class Cursor {
 public:
  explicit Cursor(char* at) : at_(at), start_(at) {}

  template <std::size_t N>
  Cursor& put(const char (&literal)[N]) {
    std::memcpy(at_, literal, N - 1);
    at_ += N - 1;
    return *this;
  }
  Cursor& put(std::string_view text) {
    at_ = copyText(at_, text);
    return *this;
  }
  Cursor& put(std::size_t number) {
    if (number >= 10 && number < 100) {  // the length of most small responses
      std::memcpy(at_, &kDigitPairs[2 * number], 2);
      at_ += 2;
    } else {
      putDigits(number);
    }
    return *this;
  }
  std::size_t written() const { return static_cast<std::size_t>(at_ - start_); }

 private:
  [[gnu::noinline]] void putDigits(std::size_t number) { at_ = std::to_chars(at_, at_ + 20, number).ptr; }

  char* at_;
  char* start_;
};

[[gnu::cold, noreturn]] void refuseOwnField(std::string_view name) {
  throw std::invalid_argument("response field " + std::string(name) +
                              " is written by the server, from the response itself: do not set it");
}

constexpr std::size_t kFixedBytes = 256;  // status line, field names, lengths: everything but the texts below

std::size_t reserveFor(const ResponseHead& head, std::size_t bodyBytes) {
  std::size_t bytes = kFixedBytes + head.prefix.size() + head.contentType.size() + bodyBytes;
  for (const ResponseField& field : head.fields) bytes += field.name.size() + field.value.size() + 4;
  return bytes;
}

}  // namespace

bool sendsBody(const ResponseHead& head) { return !head.headRequest && allowsBody(head.status); }

std::string_view writeResponse(OutputBuffer& out, const ResponseHead& head) {
  const bool plain = head.status == 200;
  const bool bodyAllowed = plain || allowsBody(head.status);
  const bool sendBody = bodyAllowed && !head.headRequest;
  const std::size_t bodyBytes = sendBody ? std::min(head.body.size(), head.copiedBytes) : 0;
  Cursor cursor(out.reserve(reserveFor(head, bodyBytes)));
  if (plain) {
    cursor.put(head.prefix);
  } else {
    cursor.put(statusLine(head.status)).put(head.prefix.substr(ResponsePrefix::kStatusLine.size()));
  }
  if (bodyAllowed) {
    if (!head.contentType.empty()) cursor.put("Content-Type: ").put(head.contentType).put("\r\n");
    const std::uint64_t length = head.body.size() + head.moreBodyBytes;
    if (head.length == BodyLength::known || length != 0) {
      cursor.put("Content-Length: ").put(length).put("\r\n");
    } else if (head.length == BodyLength::chunked && sendBody) {
      cursor.put("Transfer-Encoding: chunked\r\n");
    }
  } else if (head.status == 205) {
    cursor.put("Content-Length: 0\r\n");
  }
  if (!head.keepAlive) {
    cursor.put("Connection: close\r\n");
  } else if (head.minorVersion == 0) {
    cursor.put("Connection: keep-alive\r\n");
  }
  for (const ResponseField& field : head.fields)
    cursor.put(field.name).put(": ").put(field.value).put("\r\n");
  cursor.put("\r\n");
  if (sendBody) cursor.put(head.body.substr(0, bodyBytes));
  out.commit(cursor.written());
  return sendBody ? head.body.substr(bodyBytes) : std::string_view();
}

void checkResponseField(std::string_view name, std::string_view value) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), isTokenByte))
    throw std::invalid_argument("response field name is not a token");
  checkFieldValue(name, value);
  const FieldRole role = fieldRole(name);
  if (role == FieldRole::owned || role == FieldRole::connection) [[unlikely]]
    refuseOwnField(name);
}

void checkFieldValue(std::string_view name, std::string_view value) {
  if (!holdsControlByte(value)) [[likely]]
    return;
  for (std::size_t at = 0; (at = findControlByte(value, at)) != value.size(); ++at)
    if (value[at] != '\t')
      throw std::invalid_argument("response field " + std::string(name) + " holds a control byte");
}

}  // namespace h3::protocol
