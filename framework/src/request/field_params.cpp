#include "request/field_params.hpp"

#include <algorithm>
#include <cstddef>

#include "protocol/field_text.hpp"

namespace h3 {
namespace {

void skipFieldBlanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

}  // namespace

std::string_view leadingToken(std::string_view text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), protocol::isTokenByte);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

FieldParams::State FieldParams::next() {
  for (;;) {
    skipFieldBlanks(rest_);
    if (rest_.empty()) return State::end;
    if (needsSemicolon_ && rest_.front() != ';') return State::wrong;
    if (needsSemicolon_) rest_.remove_prefix(1);
    needsSemicolon_ = true;
    skipFieldBlanks(rest_);
    if (!rest_.empty() && rest_.front() != ';') break;
  }
  name_ = leadingToken(rest_);
  rest_.remove_prefix(name_.size());
  if (name_.empty() || rest_.empty() || rest_.front() != '=') return State::wrong;
  rest_.remove_prefix(1);
  return readValue() ? State::found : State::wrong;
}

bool FieldParams::readValue() {
  isQuoted_ = !rest_.empty() && rest_.front() == '"';
  if (!isQuoted_) {
    value_ = leadingToken(rest_);
    rest_.remove_prefix(value_.size());
    return !value_.empty();
  }
  std::size_t end = 1;
  while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
  if (end >= rest_.size()) return false;
  value_ = rest_.substr(1, end - 1);
  rest_.remove_prefix(end + 1);
  return true;
}

}  // namespace h3
