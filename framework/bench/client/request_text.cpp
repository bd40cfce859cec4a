#include "request_text.hpp"

#include <array>
#include <string_view>

namespace bench {
namespace {

// What a browser sends with each request.
constexpr std::array<std::string_view, 10> kBrowserFields = {
    "Host: localhost:8080",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language: en-US,en;q=0.5",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Connection: keep-alive",
    "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Dest: document",
    "Sec-Fetch-Mode: navigate",
};

}  // namespace

std::string requestText(const RequestKind& kind) {
  const bool post = kind.bodyBytes != 0;
  std::string text = (post ? "POST " : "GET ") + kind.path + " HTTP/1.1\r\n";
  for (unsigned i = 0; i < kind.headers; ++i) {
    if (i < kBrowserFields.size()) {
      text.append(kBrowserFields[i]);
    } else {
      text.append("X-Field-" + std::to_string(i) + ": value of field " + std::to_string(i));
    }
    text.append("\r\n");
  }
  if (post) {
    text.append("Content-Type: application/octet-stream\r\nContent-Length: " +
                std::to_string(kind.bodyBytes) + "\r\n");
  }
  text.append("\r\n");
  text.append(kind.bodyBytes, 'x');
  return text;
}

}  // namespace bench
