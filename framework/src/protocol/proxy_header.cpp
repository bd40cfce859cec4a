#include "protocol/proxy_header.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace h3::protocol {
namespace {

using State = ProxyHeader::State;
using Source = ProxyHeader::Source;

constexpr std::string_view kSignature1 = "PROXY ";
constexpr std::string_view kSignature2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kMaxLineBytes = 107;     // with CRLF
constexpr std::size_t kFixedHeaderBytes = 16;  // of version 2: signature, command, family, length
constexpr std::size_t kTlvBytes = 3;           // type and length in front of each value
constexpr std::uint8_t kTlvChecksum = 0x03;
constexpr std::size_t kIpv4Bytes = 12;  // two addresses and two ports
constexpr std::size_t kIpv6Bytes = 36;
constexpr std::size_t kUnixBytes = 216;  // two paths of 108 bytes

ProxyHeader malformed(std::string_view problem) {
  ProxyHeader header;
  header.state = State::malformed;
  header.problem = problem;
  return header;
}

std::uint8_t byteAt(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

std::size_t number16(std::string_view bytes, std::size_t at) {
  return std::size_t{byteAt(bytes, at)} << 8 | byteAt(bytes, at + 1);
}

// --- version 1: one line of text

// Up to the next blank, which is removed too.
std::string_view takeWord(std::string_view& line) {
  const std::size_t blank = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, blank);
  line.remove_prefix(std::min(blank + 1, line.size()));
  return word;
}

bool isPort(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stop == end && (text.size() == 1 || text[0] != '0');
}

std::optional<IpAddress> addressOfFamily(std::string_view text, bool isIpv6) {
  if ((text.find(':') != std::string_view::npos) != isIpv6) return std::nullopt;
  return parseIpAddress(text);
}

// Behind "PROXY ", without CRLF.
ProxyHeader parseAddresses(std::string_view line) {
  const std::string_view family = takeWord(line);
  ProxyHeader header;
  header.state = State::complete;
  if (family == "UNKNOWN") return header;  // what follows is to be ignored
  const bool isIpv6 = family == "TCP6";
  if (!isIpv6 && family != "TCP4") return malformed("version 1: another family than TCP4, TCP6 and UNKNOWN");
  if (std::count(line.begin(), line.end(), ' ') != 3)
    return malformed("version 1: expected two addresses and two ports, each behind one blank");
  const auto client = addressOfFamily(takeWord(line), isIpv6);
  const auto proxy = addressOfFamily(takeWord(line), isIpv6);
  if (!client || !proxy) return malformed("version 1: an address that is none of its family");
  if (!isPort(takeWord(line)) || !isPort(line)) return malformed("version 1: a port that is none");
  header.source = isIpv6 ? Source::ipv6 : Source::ipv4;
  header.client = *client;
  return header;
}

ProxyHeader parseLine(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, kMaxLineBytes);
  const std::size_t end = line.find('\r');
  if (end == std::string_view::npos || end + 1 == line.size()) {
    if (line.size() == kMaxLineBytes) return malformed("version 1: no CRLF in 107 bytes");
    return {};
  }
  if (line[end + 1] != '\n') return malformed("version 1: CR without LF");
  ProxyHeader header = parseAddresses(line.substr(kSignature1.size(), end - kSignature1.size()));
  header.bytes = end + 2;
  return header;
}

// --- version 2: binary

// CRC-32C (Castagnoli), as if the 4 bytes at `hole` were 0.
std::uint32_t checksumOf(std::string_view bytes, std::size_t hole) {
  std::uint32_t sum = 0xFFFFFFFF;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i < hole || i >= hole + 4) sum ^= byteAt(bytes, i);
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0x82F63B78U : 0U);
  }
  return ~sum;
}

bool checksumIsWrong(std::string_view header, std::size_t at) {
  const std::uint32_t found =
      static_cast<std::uint32_t>(number16(header, at) << 16 | number16(header, at + 2));
  return found != checksumOf(header, at);
}

// The problem of the TLVs from `at` to the end, or nothing.
std::string_view problemOfTlvs(std::string_view header, std::size_t at) {
  while (at != header.size()) {
    if (header.size() - at < kTlvBytes) return "version 2: a TLV that is cut off";
    const std::size_t size = number16(header, at + 1);
    const std::size_t value = at + kTlvBytes;
    if (header.size() - value < size) return "version 2: a TLV longer than its header";
    if (byteAt(header, at) == kTlvChecksum && (size != 4 || checksumIsWrong(header, value)))
      return "version 2: a wrong checksum";
    at = value + size;
  }
  return {};
}

// The bytes of the addresses, or none of a family that must not be.
std::optional<std::size_t> addressBytes(std::uint8_t family) {
  switch (family >> 4) {
    case 0x0:
      return 0;
    case 0x1:
      return kIpv4Bytes;
    case 0x2:
      return kIpv6Bytes;
    case 0x3:
      return kUnixBytes;
    default:
      return std::nullopt;
  }
}

// A whole header, with the command PROXY. A datagram's client (HTTP/3 to the proxy) is one like any other.
ProxyHeader parseBlock(std::string_view bytes) {
  const std::uint8_t family = byteAt(bytes, 13);
  const auto needed = addressBytes(family);
  if (!needed || (family & 0xF) > 2) return malformed("version 2: an unknown family or transport");
  ProxyHeader header;
  header.state = State::complete;
  header.bytes = bytes.size();
  if (family >> 4 == 0 || (family & 0xF) == 0) return header;  // unspecified: the rest is to be ignored
  if (bytes.size() - kFixedHeaderBytes < *needed) return malformed("version 2: addresses that are cut off");
  const std::string_view problem = problemOfTlvs(bytes, kFixedHeaderBytes + *needed);
  if (!problem.empty()) return malformed(problem);
  const auto copyAddress = [&](std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      header.client[16 - size + i] = byteAt(bytes, kFixedHeaderBytes + i);
  };
  header.source = *needed == kIpv4Bytes   ? Source::ipv4
                  : *needed == kIpv6Bytes ? Source::ipv6
                                          : Source::unixSocket;
  if (header.source == Source::ipv4) {
    header.client[10] = header.client[11] = 0xFF;
    copyAddress(4);
  } else if (header.source == Source::ipv6) {
    copyAddress(16);
  }
  return header;
}

ProxyHeader parseBinary(std::string_view bytes) {
  if (bytes.size() > 12 && byteAt(bytes, 12) != 0x20 && byteAt(bytes, 12) != 0x21)
    return malformed("version 2: another command than LOCAL and PROXY");
  ProxyHeader header;
  if (bytes.size() < kFixedHeaderBytes) return header;
  header.bytes = kFixedHeaderBytes + number16(bytes, 14);
  if (header.bytes > ProxyHeader::kMaxBytes) return malformed("version 2: more than 4,096 bytes");
  if (bytes.size() < header.bytes) return header;
  if (byteAt(bytes, 12) == 0x21) return parseBlock(bytes.substr(0, header.bytes));
  header.state = State::complete;  // LOCAL: the proxy itself, such as its health check
  return header;
}

bool startsLike(std::string_view bytes, std::string_view signature) {
  const std::size_t size = std::min(bytes.size(), signature.size());
  return bytes.substr(0, size) == signature.substr(0, size);
}

}  // namespace

ProxyHeader parseProxyHeader(std::string_view bytes) noexcept {
  if (bytes.empty()) return {};
  if (startsLike(bytes, kSignature2)) return parseBinary(bytes);
  if (startsLike(bytes, kSignature1)) return parseLine(bytes);
  return malformed("no PROXY header");
}

}  // namespace h3::protocol
