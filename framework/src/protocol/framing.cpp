#include "protocol/framing.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3::protocol {

void Framing::addContentLength(std::string_view value) {
  if (hasContentLength_) bad_ = true;
  hasContentLength_ = true;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  const bool digits = error == std::errc{} && end == value.data() + value.size();
  if (!digits || length > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) bad_ = true;
  contentLength_ = length;
}

void Framing::addTransferEncoding(std::string_view value) {
  hasTransferEncoding_ = true;
  std::ptrdiff_t codings = 0;
  forEachListElement(value, [&](std::string_view coding) {
    ++codings;
    addCoding(coding);
  });
  // An empty element means nothing (RFC 9110 5.6.1), but a proxy in front that takes "chunked," for another coding sends
  // the chunks as the next request.
  if (codings != 1 + std::count(value.begin(), value.end(), ',')) bad_ = true;
}

void Framing::addCoding(std::string_view coding) {
  chunkedIsLast_ = equalsIgnoringCase(coding, "chunked");
  if (chunkedIsLast_) {
    ++chunkedCount_;
  } else {
    unknownCoding_ = true;
  }
}

int Framing::decide(int minorVersion) {
  if (hasTransferEncoding_) {
    if (bad_ || hasContentLength_ || minorVersion == 0 || chunkedCount_ != 1 || !chunkedIsLast_) return 400;
    if (unknownCoding_) return 501;
    kind_ = BodyKind::chunked;
    return 0;
  }
  if (bad_) return 400;
  if (hasContentLength_ && contentLength_ > 0) kind_ = BodyKind::length;
  return 0;
}

}  // namespace h3::protocol
