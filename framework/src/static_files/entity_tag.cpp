#include "static_files/entity_tag.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "protocol/field_text.hpp"

namespace h3 {

EntityTag::EntityTag(std::uint64_t size, std::int64_t modifiedNs, std::string_view coding) {
  assert(coding.size() <= kMaxCodingBytes);
  char* const end = text_.data() + text_.size();
  char* at = text_.data();
  *at++ = '"';
  at = std::to_chars(at, end, size, 16).ptr;
  *at++ = '-';
  at = std::to_chars(at, end, static_cast<std::uint64_t>(modifiedNs), 16).ptr;
  if (!coding.empty()) {
    *at++ = '-';
    at = std::copy(coding.begin(), coding.end(), at);
  }
  *at++ = '"';
  bytes_ = static_cast<std::size_t>(at - text_.data());
}

bool listsTag(std::string_view list, std::string_view tag, TagComparison comparison) {
  if (protocol::trimBlanks(list) == "*") return true;
  // Not split at commas: a tag may hold one.
  while (true) {
    const std::size_t start = list.find_first_not_of(" \t,");
    if (start == std::string_view::npos) return false;
    list.remove_prefix(start);
    const bool weak = list.starts_with("W/");
    if (weak) list.remove_prefix(2);
    const std::size_t close = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
    if (close == std::string_view::npos) return false;
    if (list.substr(0, close + 1) == tag && !(weak && comparison == TagComparison::strong)) return true;
    list.remove_prefix(close + 1);
  }
}

}  // namespace h3
