#include "fetch/fetch_target.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "http/ascii_case.hpp"
#include "http/ip_network.hpp"

namespace h3 {
namespace {

[[noreturn]] void refuse(std::string_view url, std::string_view problem) {
  throw FetchError(FetchFailure::badRequest,
                   std::string("fetch \"").append(url.substr(0, 200)).append("\": ").append(problem));
}

bool isLetterOrDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isTokenByte(char c) {
  return isLetterOrDigit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), isTokenByte);
}

bool isVisible(char c) { return c > ' ' && c < '\x7F'; }

bool isName(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return isLetterOrDigit(c) || c == '-' || c == '.' || c == '_';
  });
}

// Of "host:port", "[v6]:port", "host".
void readAuthority(std::string_view url, std::string_view authority, FetchTarget& target) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) refuse(url, "expected ] after the address");
    target.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (target.host.find(':') == std::string::npos || !parseIpAddress(target.host))
      refuse(url, "expected an IPv6 address in brackets");
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    target.host = authority.substr(0, colon);
    port = authority.substr(colon);
    if (!isName(target.host)) refuse(url, "expected a host name or address, without user or password");
  }
  target.origin = authority;
  if (port.empty()) return;
  const char* const end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data() + 1, end, target.port);
  if (port[0] != ':' || error != std::errc{} || stop != end || target.port == 0)
    refuse(url, "expected a port of 1 to 65535");
}

void addFields(const FetchRequest& request, std::string& head) {
  for (const FetchHeader& field : request.headers) {
    const auto isNamed = [&field](std::string_view name) { return equalsIgnoringCase(field.name, name); };
    if (!isToken(field.name)) refuse(request.url, "a header whose name is no token");
    if (isNamed("Host") || isNamed("Connection") || isNamed("Content-Length") || isNamed("Transfer-Encoding"))
      refuse(request.url, std::string("the header ").append(field.name).append(" is H3's to write"));
    if (std::any_of(field.value.begin(), field.value.end(),
                    [](char c) { return c == '\x7F' || (c >= '\0' && c < ' ' && c != '\t'); }))
      refuse(request.url, std::string("a control byte in the header ").append(field.name));
    head.append(field.name).append(": ").append(field.value).append("\r\n");
  }
}

}  // namespace

FetchTarget::FetchTarget(const FetchRequest& request) : method(request.method), body(request.body) {
  std::string_view rest = request.url;
  if (rest.starts_with("https://"))
    refuse(request.url, "https is not supported yet; put a proxy that speaks TLS in between");
  if (!rest.starts_with("http://")) refuse(request.url, "expected http://");
  rest.remove_prefix(7);
  if (!std::all_of(rest.begin(), rest.end(), isVisible))
    refuse(request.url, "a blank or control byte: encode it");
  if (!isToken(method) || method == "CONNECT") refuse(request.url, "a method that cannot be sent");
  rest = rest.substr(0, rest.find('#'));
  const std::size_t pathAt = std::min(rest.find_first_of("/?"), rest.size());
  readAuthority(request.url, rest.substr(0, pathAt), *this);
  const std::string_view path = rest.substr(pathAt);
  head.append(method).append(path.starts_with('/') ? " " : " /").append(path);
  head.append(" HTTP/1.1\r\nHost: ").append(origin).append("\r\n");
  addFields(request, head);
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH")
    head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  head.append("\r\n");
}

bool FetchTarget::isIdempotent() const noexcept {
  for (const std::string_view idempotent : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
    if (method == idempotent) return true;
  return false;
}

}  // namespace h3
