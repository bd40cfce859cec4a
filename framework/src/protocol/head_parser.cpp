#include "protocol/head_parser.hpp"

// With sanitizers and inlining, GCC 12 warns falsely that the value of an empty boost::optional may be read.
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#pragma GCC diagnostic pop

#include <limits>

#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3::protocol {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kVersionBytes = 11;  // " HTTP/1.1\r\n"

Method methodOf(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::patch:
      return Method::patch;
    case http::verb::delete_:
      return Method::del;
    case http::verb::options:
      return Method::options;
    case http::verb::trace:
      return Method::trace;
    case http::verb::connect:
      return Method::connect;
    default:
      return Method::other;
  }
}

/// Beast's parser for one head; on the stack, so that its callbacks are known and inlined.
class HeadParser final : private http::basic_parser<true> {
  using Base = http::basic_parser<true>;

 public:
  HeadParser(const char* base, RequestHead& head) : base_(base), head_(head) {
    head_.headers.rebase(base);
    // HeadScanner and Framing enforce the limits; Beast's must not apply first.
    header_limit(std::numeric_limits<std::uint32_t>::max());
    body_limit(boost::none);
  }

  /// Returns 0 while all is well, else the refusal's status.
  int put(const char* from, std::size_t size) {
    ErrorCode error;
    consumed_ = Base::put(boost::asio::const_buffer(from, size), error);
    if (!error || error == http::error::need_more) {
      head_.keepAlive = !saysClose_ && (head_.minorVersion > 0 || saysKeepAlive_);
      return 0;
    }
    if (error == http::error::bad_version) return statusOfBadRequestLine({from, size});
    return 400;
  }

  bool done() const { return is_header_done(); }
  std::size_t consumed() const { return consumed_; }

 private:
  using ErrorCode = boost::beast::error_code;
  using View = boost::beast::string_view;

  void on_request_impl(http::verb verb, View method, View target, int version, ErrorCode&) override {
    head_.method = methodOf(verb);
    head_.methodText = spanOf(method);
    head_.target = spanOf(target);
    head_.minorVersion = version - 10;
  }

  void on_field_impl(http::field field, View name, View value, ErrorCode& error) override {
    const std::string_view text(value.data(), value.size());
    if (isFolded(name, value) || !head_.headers.add({name.data(), name.size()}, text)) {
      error = http::error::bad_value;
      return;
    }
    switch (field) {
      case http::field::host:
        head_.host = spanOf(value);
        ++head_.hostCount;
        break;
      case http::field::content_length:
        head_.framing.addContentLength(text);
        break;
      case http::field::transfer_encoding:
        head_.framing.addTransferEncoding(text);
        break;
      case http::field::content_encoding:
        readContentEncoding(text);
        break;
      case http::field::expect:
        readExpect(text);
        break;
      case http::field::connection:
        readConnection(text);
        break;
      default:
        break;
    }
  }

  void on_response_impl(int, View, int, ErrorCode&) override {}
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(View, ErrorCode&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View, ErrorCode&) override { return 0; }
  void on_finish_impl(ErrorCode&) override {}

  // "identity" is no coding (RFC 9110 8.4.1).
  void readContentEncoding(std::string_view value) {
    forEachListElement(value, [this](std::string_view coding) {
      if (!equalsIgnoringCase(coding, "identity")) head_.contentCoded = true;
    });
  }

  void readExpect(std::string_view value) {
    forEachListElement(value, [this](std::string_view expectation) {
      if (equalsIgnoringCase(expectation, "100-continue")) {
        head_.expectContinue = true;
      } else {
        head_.expectUnknown = true;
      }
    });
  }

  // "close" beats "keep-alive" (RFC 9112 9.3). Not Beast's keep_alive(): it keeps HTTP/1.0 with both alive,
  // also uses Proxy-Connection, and asserts that the head is whole.
  void readConnection(std::string_view value) {
    forEachListElement(value, [this](std::string_view option) {
      if (equalsIgnoringCase(option, "close")) saysClose_ = true;
      if (equalsIgnoringCase(option, "keep-alive")) saysKeepAlive_ = true;
    });
  }

  // Only blanks of one line are between a name and its value. An obs-fold (RFC 9112 5.2) has a line end
  // there, or a value on Beast's own stack: its address may be anywhere, so it is never read.
  bool isFolded(View name, View value) const {
    const char* at = name.data() + name.size() + 1;
    if (at == value.data() || at + 1 == value.data()) return false;
    while (*at == ' ' || *at == '\t') ++at;
    return at != value.data();
  }

  TextSpan spanOf(View text) const {
    if (text.empty()) return {};
    return {static_cast<std::uint32_t>(text.data() - base_), static_cast<std::uint32_t>(text.size())};
  }

  const char* base_;
  RequestHead& head_;
  std::size_t consumed_ = 0;
  bool saysClose_ = false;
  bool saysKeepAlive_ = false;
};

}  // namespace

[[gnu::flatten]] std::size_t tryParseHead(const char* base, std::size_t size, const Limits& limits,
                                          RequestHead& head) {
  HeadParser parser(base, head);
  if (parser.put(base, size) != 0 || !parser.done()) return 0;
  const std::size_t end = parser.consumed();
  const std::size_t startLineEnd = head.target.offset + head.target.size + kVersionBytes;
  const bool withinLimits = startLineEnd <= limits.startLineBytes() &&
                            head.headers.count() <= limits.headerCount &&
                            end - startLineEnd <= limits.fieldsBytes();
  return withinLimits ? end : 0;
}

int parseHead(const char* base, std::size_t from, std::size_t end, RequestHead& head) {
  HeadParser parser(base, head);
  if (const int status = parser.put(base + from, end - from); status != 0) return status;
  return parser.done() ? 0 : 400;
}

int parseRequestLine(const char* base, std::size_t from, std::size_t end, RequestHead& head) {
  HeadParser parser(base, head);
  if (const int status = parser.put(base + from, end - from); status != 0) return status;
  // Beast waits for more when the version is cut short; no more will come.
  return parser.consumed() == end - from ? 0 : 400;
}

int statusOfBadRequestLine(std::string_view line) {
  line = line.substr(0, line.find("\r\n"));
  // After the second space, not the last one: "GET /a b HTTP/2.0" is not a request line of any version.
  const std::size_t space = line.find(' ', line.find(' ') + 1);
  const std::string_view version =
      space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool wellFormed = version.size() == 8 && version.substr(0, 5) == "HTTP/" && digit(version[5]) &&
                          version[6] == '.' && digit(version[7]);
  return wellFormed && version[5] != '0' ? 505 : 400;
}

}  // namespace h3::protocol
