#include "replay/response_reader.hpp"

#include <algorithm>
#include <charconv>

#include "replay/foreign_protocol.hpp"

namespace leakgate {
namespace {

constexpr std::size_t kMaxHeadBytes = 64U << 10;
constexpr std::size_t kMaxChunkLineBytes = 8U << 10;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool equalsIgnoringCase(std::string_view text, std::string_view lowercase) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(text.begin(), text.end(), lowercase.begin(), lowercase.end(),
                    [&](char a, char b) { return lower(a) == b; });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Whole text, digits only.
bool parseNumber(std::string_view text, int base, std::uint64_t& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, base);
  return !text.empty() && result.ec == std::errc{} && result.ptr == end;
}

}  // namespace

void ResponseReader::begin(bool isHead, std::size_t keepBodyBytes) {
  state_ = State::head;
  error_ = "";
  line_.clear();
  body_.clear();
  contentType_.clear();
  remaining_ = bodyBytes_ = length_ = 0;
  keepBodyBytes_ = keepBodyBytes;
  status_ = 0;
  isHead_ = isHead;
  keepsAlive_ = hasLength_ = chunked_ = started_ = false;
}

void ResponseReader::fail(const char* why) {
  state_ = State::failed;
  error_ = why;
}

std::size_t ResponseReader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  if (!bytes.empty()) started_ = true;
  while (taken < bytes.size() && state_ != State::done && state_ != State::failed) {
    const auto rest = bytes.substr(taken);
    switch (state_) {
      case State::head:
        taken += takeHead(rest);
        break;
      case State::chunkSize:
      case State::chunkEnd:
      case State::trailer:
        taken += takeLine(rest, kMaxChunkLineBytes);
        break;
      default:
        taken += takeBody(rest);
        break;
    }
  }
  return taken;
}

// Most heads arrive whole and are parsed in place; the others are collected in line_.
std::size_t ResponseReader::takeHead(std::string_view bytes) {
  if (line_.empty()) {
    const auto end = bytes.find(kHeadEnd);
    if (end != std::string_view::npos && end < kMaxHeadBytes) {
      parseHead(bytes.substr(0, end + 2));
      return end + kHeadEnd.size();
    }
  }
  const std::size_t before = line_.size();
  const std::size_t room = kMaxHeadBytes + kHeadEnd.size() - before;
  line_.append(bytes.substr(0, room));
  const auto end = line_.find(kHeadEnd, before < kHeadEnd.size() ? 0 : before - kHeadEnd.size());
  if (end == std::string::npos) {
    if (line_.size() >= kProtocolBytes) checkProtocol(line_);
    if (state_ != State::failed && line_.size() >= kMaxHeadBytes) fail("the head is over 64 KiB");
    return std::min(room, bytes.size());
  }
  const std::string head = line_.substr(0, end + 2);
  line_.clear();
  parseHead(head);
  return end + kHeadEnd.size() - before;
}

// Checked before the head is whole: another protocol may never complete one.
void ResponseReader::checkProtocol(std::string_view start) {
  if (const char* found = foreignProtocol(start)) fail(found);
}

// `head`: status line and fields, each with its CRLF.
void ResponseReader::parseHead(std::string_view head) {
  hasLength_ = chunked_ = keepsAlive_ = false;
  auto end = head.find("\r\n");
  parseStatusLine(head.substr(0, end));
  for (std::size_t start = end + 2; state_ != State::failed && start < head.size(); start = end + 2) {
    end = head.find("\r\n", start);
    parseField(head.substr(start, end - start));
  }
  if (state_ == State::failed) return;
  if (status_ < 200 && status_ != 101) return;  // interim: the head of the final response follows
  chooseBody();
}

void ResponseReader::parseStatusLine(std::string_view line) {
  std::uint64_t status = 0;
  const bool http = line.starts_with("HTTP/1.") && line.size() >= 12 && (line[7] == '0' || line[7] == '1') &&
                    line[8] == ' ';
  if (!http || !parseNumber(line.substr(9, 3), 10, status) || status < 100 ||
      (line.size() > 12 && line[12] != ' ')) {
    const char* found = line.size() < kProtocolBytes ? nullptr : foreignProtocol(line);
    return fail(found != nullptr ? found : "it does not begin with an HTTP/1 status line");
  }
  status_ = static_cast<int>(status);
  keepsAlive_ = line[7] == '1';
}

void ResponseReader::parseField(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return fail("a header line has no name and colon");
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (equalsIgnoringCase(name, "content-length")) return parseLength(value);
  if (equalsIgnoringCase(name, "connection")) return parseConnection(value);
  if (equalsIgnoringCase(name, "content-type")) contentType_ = value;
  if (equalsIgnoringCase(name, "transfer-encoding")) {
    const auto comma = value.rfind(',');
    chunked_ =
        equalsIgnoringCase(trimmed(value.substr(comma == std::string_view::npos ? 0 : comma + 1)), "chunked");
  }
}

void ResponseReader::parseConnection(std::string_view value) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    const auto option = trimmed(value.substr(0, comma));
    if (equalsIgnoringCase(option, "close")) keepsAlive_ = false;
    if (equalsIgnoringCase(option, "keep-alive")) keepsAlive_ = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

void ResponseReader::parseLength(std::string_view value) {
  std::uint64_t length = 0;
  if (!parseNumber(value, 10, length)) return fail("Content-Length is not a number");
  if (hasLength_ && length != length_) return fail("two different Content-Length fields");
  hasLength_ = true;
  length_ = length;
}

void ResponseReader::chooseBody() {
  if (status_ == 101) keepsAlive_ = false;  // another protocol follows
  const bool none = isHead_ || status_ == 101 || status_ == 204 || status_ == 304;
  if (none || (!chunked_ && hasLength_ && length_ == 0)) {
    state_ = State::done;
  } else if (chunked_) {
    state_ = State::chunkSize;
  } else if (hasLength_) {
    remaining_ = length_;
    state_ = State::lengthBody;
  } else {
    keepsAlive_ = false;
    state_ = State::endlessBody;
  }
}

std::size_t ResponseReader::takeBody(std::string_view bytes) {
  if (state_ != State::endlessBody)
    bytes = bytes.substr(0, std::min<std::uint64_t>(remaining_, bytes.size()));
  if (body_.size() < keepBodyBytes_) body_.append(bytes.substr(0, keepBodyBytes_ - body_.size()));
  bodyBytes_ += bytes.size();
  if (state_ == State::endlessBody) return bytes.size();
  remaining_ -= bytes.size();
  if (remaining_ == 0) state_ = state_ == State::lengthBody ? State::done : State::chunkEnd;
  return bytes.size();
}

std::size_t ResponseReader::takeLine(std::string_view bytes, std::size_t limit) {
  const auto newline = bytes.find('\n');
  const std::size_t taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
  if (line_.size() + taken > limit) {
    fail("a line of the chunked body is over 8 KiB");
    return taken;
  }
  line_.append(bytes.substr(0, taken));
  if (newline == std::string_view::npos) return taken;
  if (!line_.ends_with("\r\n")) {
    fail("a line of the chunked body does not end in CRLF");
    return taken;
  }
  line_.resize(line_.size() - 2);
  endOfLine();
  line_.clear();
  return taken;
}

void ResponseReader::endOfLine() {
  if (state_ == State::chunkSize) {
    startChunk(line_);
  } else if (state_ == State::chunkEnd) {
    if (line_.empty())
      state_ = State::chunkSize;
    else
      fail("a chunk is longer than its size");
  } else if (line_.empty()) {  // the end of the trailers
    state_ = State::done;
  }
}

void ResponseReader::startChunk(std::string_view line) {
  const auto size = trimmed(line.substr(0, line.find(';')));
  if (!parseNumber(size, 16, remaining_)) return fail("a chunk size is not a number");
  state_ = remaining_ == 0 ? State::trailer : State::chunkData;
}

void ResponseReader::endOfStream() {
  if (state_ == State::endlessBody)
    state_ = State::done;
  else if (state_ != State::done)
    fail(started_ ? "the connection ended in the middle of it" : "the connection ended before it");
}

}  // namespace leakgate
