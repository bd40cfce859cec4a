#include "h3http/query_params.hpp"

#include "http/percent.hpp"

namespace h3 {

void QueryParams::Iterator::advance() noexcept {
  while (!rest_.empty() && rest_.front() == '&') rest_.remove_prefix(1);
  if (rest_.empty() || pairs_ == kMaxPairs) {
    atEnd_ = true;
    return;
  }
  const std::string_view pair = rest_.substr(0, rest_.find('&'));
  const std::size_t equals = pair.find('=');
  current_.name = pair.substr(0, equals);
  current_.value = equals == std::string_view::npos ? pair.substr(pair.size()) : pair.substr(equals + 1);
  rest_.remove_prefix(pair.size());
  ++pairs_;
}

std::optional<std::string_view> QueryParams::findRaw(std::string_view name) const noexcept {
  for (const QueryParam& param : *this) {
    if (queryComponentEquals(param.name, name)) return param.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> QueryParams::find(std::string_view name, Arena& arena) const {
  const auto raw = findRaw(name);
  if (!raw) return std::nullopt;
  return decodeQueryComponent(*raw, arena);
}

bool QueryParams::tooMany() const noexcept {
  std::size_t pairs = 0;
  bool inPair = false;
  for (const char c : query_) {
    if (c != '&' && !inPair) ++pairs;
    inPair = c != '&';
  }
  return pairs > kMaxPairs;
}

}  // namespace h3
