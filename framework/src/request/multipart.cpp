#include "h3http/multipart.hpp"

#include <algorithm>
#include <stdexcept>

#include "http/ascii_case.hpp"
#include "http/control_bytes.hpp"
#include "protocol/field_text.hpp"
#include "request/field_params.hpp"

namespace h3 {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kDelimiterBegin = "\r\n--";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool isBoundaryByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

// What browsers and curl encode in the quotes of a name. Returns the input itself when nothing is.
std::string_view decodeName(std::string_view text, std::string& decoded) {
  if (text.find_first_of("\\%") == std::string_view::npos) return text;
  decoded.clear();
  while (!text.empty()) {
    const std::string_view next = text.substr(0, 3);
    std::size_t taken = 3;
    if (next == "%22") {
      decoded.push_back('"');
    } else if (next == "%0D" || next == "%0d") {
      decoded.push_back('\r');
    } else if (next == "%0A" || next == "%0a") {
      decoded.push_back('\n');
    } else if (next.starts_with("\\\"") || next.starts_with("\\\\")) {
      decoded.push_back(next[1]);
      taken = 2;
    } else {
      decoded.push_back(next[0]);
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return decoded;
}

bool keepsBytes(std::string_view transferEncoding) {
  return equalsIgnoringCase(transferEncoding, "7bit") || equalsIgnoringCase(transferEncoding, "8bit") ||
         equalsIgnoringCase(transferEncoding, "binary");
}

}  // namespace

std::string_view describe(MultipartError error) noexcept {
  switch (error) {
    case MultipartError::none:
      return "no error";
    case MultipartError::badStart:
      return "expected a multipart body to begin with \"--\" and the boundary of its Content-Type";
    case MultipartError::badDelimiter:
      return "expected a line end or \"--\" after a multipart boundary";
    case MultipartError::badPartHeader:
      return "expected a part to have one field Content-Disposition: form-data with one name";
    case MultipartError::badEncoding:
      return "expected parts without a Content-Transfer-Encoding";
    case MultipartError::dataAfterEnd:
      return "expected nothing after the last multipart boundary";
    case MultipartError::unfinished:
      return "the multipart body ends before its last boundary";
    case MultipartError::tooManyParts:
      return "the multipart body has too many parts";
    case MultipartError::partHeaderTooLarge:
      return "the fields of a part are too large";
    case MultipartError::nameTooLong:
      return "the name of a part or file is too long";
    case MultipartError::partTooLarge:
      break;
  }
  return "a part is too large";
}

std::optional<std::string_view> multipartBoundary(std::string_view contentType) {
  const std::string_view type = protocol::trimBlanks(contentType.substr(0, contentType.find(';')));
  if (!equalsIgnoringCase(type, "multipart/form-data")) return std::nullopt;
  FieldParams params(contentType.substr(std::min(contentType.find(';'), contentType.size())));
  std::optional<std::string_view> boundary;
  FieldParams::State state = params.next();
  for (; state == FieldParams::State::found; state = params.next()) {
    if (!equalsIgnoringCase(params.name(), "boundary")) continue;
    if (boundary) return std::nullopt;
    boundary = params.value();
  }
  const bool isValid = state == FieldParams::State::end && boundary && !boundary->empty() &&
                       boundary->size() <= MultipartParser::kMaxBoundaryBytes && boundary->back() != ' ' &&
                       std::all_of(boundary->begin(), boundary->end(), isBoundaryByte);
  return isValid ? boundary : std::nullopt;
}

MultipartParser::MultipartParser(std::string_view boundary, MultipartHandler& handler, MultipartLimits limits)
    : handler_(handler), limits_(limits) {
  if (boundary.size() > kMaxBoundaryBytes)
    throw std::invalid_argument("multipart boundary of more than 70 bytes");
  char* const end = std::copy(kDelimiterBegin.begin(), kDelimiterBegin.end(), delimiterBytes_.begin());
  std::copy(boundary.begin(), boundary.end(), end);
  delimiter_ = {delimiterBytes_.data(), kDelimiterBegin.size() + boundary.size()};
}

bool MultipartParser::fail(MultipartError error) {
  error_ = error;
  return false;
}

MultipartError MultipartParser::push(std::string_view bytes) {
  std::string joined;
  if (!kept_.empty()) {
    joined.swap(kept_);
    joined.append(bytes);
    bytes = joined;
  }
  while (error_ == MultipartError::none && step(bytes)) {
  }
  if (error_ == MultipartError::none) kept_ = bytes;
  return error_;
}

MultipartError MultipartParser::finish() const {
  if (error_ != MultipartError::none || (state_ == State::end && kept_.empty())) return error_;
  return state_ == State::end ? MultipartError::dataAfterEnd : MultipartError::unfinished;
}

bool MultipartParser::step(std::string_view& bytes) {
  switch (state_) {
    case State::start:
      return takeStart(bytes);
    case State::afterBoundary:
      return takeAfterBoundary(bytes);
    case State::head:
      return takeHead(bytes);
    case State::data:
      return takeData(bytes);
    case State::end:
      break;
  }
  return takeEnd(bytes);
}

bool MultipartParser::takeStart(std::string_view& bytes) {
  std::string_view expected = delimiter_;
  if (!bytes.empty() && bytes.front() != '\r') expected.remove_prefix(kLineEnd.size());
  if (bytes.starts_with(expected)) {
    bytes.remove_prefix(expected.size());
    state_ = State::afterBoundary;
    return true;
  }
  return expected.starts_with(bytes) ? false : fail(MultipartError::badStart);
}

bool MultipartParser::takeAfterBoundary(std::string_view& bytes) {
  if (bytes.size() < 2) return false;
  const std::string_view next = bytes.substr(0, 2);
  if (next != kLineEnd && next != "--") return fail(MultipartError::badDelimiter);
  bytes.remove_prefix(2);
  state_ = next == "--" ? State::end : State::head;
  if (state_ == State::head && ++parts_ > limits_.parts) return fail(MultipartError::tooManyParts);
  return true;
}

bool MultipartParser::takeHead(std::string_view& bytes) {
  const std::size_t end = bytes.find(kHeadEnd);
  // Of an unfinished head, the last bytes may belong to its end.
  const std::size_t known =
      end != std::string_view::npos ? end : bytes.size() - std::min(bytes.size(), kHeadEnd.size() - 1);
  if (known > limits_.headerBytes) return fail(MultipartError::partHeaderTooLarge);
  if (end == std::string_view::npos) return false;
  if (!readHead(bytes.substr(0, end))) return false;
  bytes.remove_prefix(end + kHeadEnd.size());
  partBytes_ = 0;
  state_ = State::data;
  return true;
}

bool MultipartParser::giveData(std::string_view bytes) {
  partBytes_ += bytes.size();
  if (partBytes_ > limits_.partBytes) return fail(MultipartError::partTooLarge);
  if (!bytes.empty()) handler_.onPartData(bytes);
  return true;
}

bool MultipartParser::takeData(std::string_view& bytes) {
  if (const std::size_t end = bytes.find(delimiter_); end != std::string_view::npos) {
    if (!giveData(bytes.substr(0, end))) return false;
    bytes.remove_prefix(end + delimiter_.size());
    handler_.onPartEnd();
    state_ = State::afterBoundary;
    return true;
  }
  // The piece may end within a delimiter. That has one CR, so the last one decides.
  const std::size_t last = bytes.rfind('\r');
  const bool isPartial = last != std::string_view::npos && delimiter_.starts_with(bytes.substr(last));
  const std::size_t given = isPartial ? last : bytes.size();
  if (giveData(bytes.substr(0, given))) bytes.remove_prefix(given);
  return false;
}

bool MultipartParser::takeEnd(std::string_view& bytes) {
  if (bytes == kLineEnd) {
    bytes = {};
  } else if (!kLineEnd.starts_with(bytes)) {
    return fail(MultipartError::dataAfterEnd);
  }
  return false;
}

bool MultipartParser::readHead(std::string_view fields) {
  PartHead head;
  bool hasDisposition = false;
  for (bool isLast = false; !isLast;) {
    const std::size_t end = fields.find(kLineEnd);
    isLast = end == std::string_view::npos;
    const std::string_view line = fields.substr(0, end);
    if (!isLast) fields.remove_prefix(end + kLineEnd.size());
    const std::string_view name = leadingToken(line);
    if (name.empty() || line.substr(name.size(), 1) != ":" || holdsControlByte(line.substr(name.size() + 1)))
      return fail(MultipartError::badPartHeader);
    const std::string_view value = protocol::trimBlanks(line.substr(name.size() + 1));
    if (equalsIgnoringCase(name, "content-disposition")) {
      if (hasDisposition) return fail(MultipartError::badPartHeader);
      if (!readDisposition(value, head)) return false;
      hasDisposition = true;
    } else if (equalsIgnoringCase(name, "content-type")) {
      if (!head.contentType.empty()) return fail(MultipartError::badPartHeader);
      head.contentType = value;
    } else if (equalsIgnoringCase(name, "content-transfer-encoding") && !keepsBytes(value)) {
      return fail(MultipartError::badEncoding);
    }
  }
  if (!hasDisposition) return fail(MultipartError::badPartHeader);
  handler_.onPartBegin(head);
  return true;
}

bool MultipartParser::readDisposition(std::string_view value, PartHead& head) {
  const std::string_view type = leadingToken(value);
  if (!equalsIgnoringCase(type, "form-data")) return fail(MultipartError::badPartHeader);
  FieldParams params(value.substr(type.size()));
  bool hasName = false;
  FieldParams::State state = params.next();
  for (; state == FieldParams::State::found; state = params.next()) {
    const bool isName = equalsIgnoringCase(params.name(), "name");
    if (!isName && !equalsIgnoringCase(params.name(), "filename")) continue;
    if (isName ? hasName : head.filename.has_value()) return fail(MultipartError::badPartHeader);
    if (params.value().size() > limits_.nameBytes) return fail(MultipartError::nameTooLong);
    if (isName) {
      hasName = true;
      head.name = decodeName(params.value(), name_);
    } else {
      head.filename = decodeName(params.value(), filename_);
    }
  }
  if (state == FieldParams::State::wrong || !hasName) return fail(MultipartError::badPartHeader);
  return true;
}

}  // namespace h3
