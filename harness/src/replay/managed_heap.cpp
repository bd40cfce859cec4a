#include "replay/managed_heap.hpp"

#include <charconv>

namespace leakgate {
namespace {

// Takes the first word off, with the blanks around it.
std::string_view takeWord(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return word;
}

std::string_view takeUntil(std::string_view& text, char end) {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

template <class Number>
bool toNumber(std::string_view text, Number& number) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && !text.empty();
}

bool takeAmount(std::string_view& text, HeapAmount& amount) {
  return toNumber(takeWord(text), amount.bytes) && toNumber(takeWord(text), amount.blocks);
}

bool addPlace(ManagedHeap& heap, std::string_view line) {
  HeapAmount amount;
  HeapPlace place;
  if (!takeAmount(line, amount)) return false;
  place.function = takeUntil(line, '\t');
  place.file = takeUntil(line, '\t');
  if (!toNumber(line, place.line)) return false;
  addAmount(heap.places[place], amount);
  return true;
}

std::string_view elementName(char code) {
  switch (code) {
    case 'B':
      return "byte";
    case 'C':
      return "char";
    case 'D':
      return "double";
    case 'F':
      return "float";
    case 'I':
      return "int";
    case 'J':
      return "long";
    case 'S':
      return "short";
    case 'Z':
      return "boolean";
    default:
      return "";
  }
}

// "java.lang.String" for "java.lang.String (java.base@17.0.15)"; an array as in Java's source, "long[][]" for
// "[[J", "shop.Cart[]" for "[Lshop.Cart;". Source: JVMS 4.3.2, field descriptors.
std::string className(std::string_view text) {
  text = text.substr(0, text.find(" ("));
  const std::size_t dimensions = std::min(text.find_first_not_of('['), text.size());
  std::string_view element = text.substr(dimensions);
  if (dimensions == 0 || element.empty()) return std::string(text);
  if (element.size() == 1)
    element = elementName(element.front());
  else if (element.starts_with('L') && element.ends_with(';'))
    element = element.substr(1, element.size() - 2);
  if (element.empty()) return std::string(text);
  std::string name(element);
  for (std::size_t k = 0; k < dimensions; ++k) name += "[]";
  return name;
}

// "   1:         27893        2331456  [B (java.base@17.0.15)"
void addClass(ManagedHeap& heap, std::string_view line) {
  HeapAmount amount;
  const std::string_view rank = takeWord(line);
  if (!rank.ends_with(':')) return;
  if (!toNumber(takeWord(line), amount.blocks) || !toNumber(takeWord(line), amount.bytes)) return;
  addAmount(heap.places[{className(line), "", 0}], amount);
}

}  // namespace

void addAmount(HeapAmount& sum, const HeapAmount& part) {
  sum.bytes += part.bytes;
  sum.blocks += part.blocks;
}

void addHeap(ManagedHeap& sum, const ManagedHeap& one) {
  addAmount(sum.live, one.live);
  sum.heaps += one.heaps;
  sum.uncollected += one.uncollected;
  for (const auto& [place, amount] : one.places) addAmount(sum.places[place], amount);
}

std::optional<ManagedHeap> parseCollectorReport(std::string_view text) {
  ManagedHeap heap;
  while (!text.empty()) {
    std::string_view line = takeUntil(text, '\n');
    const std::string_view word = takeWord(line);
    if (word == "end") return heap.heaps == 1 ? std::optional(std::move(heap)) : std::nullopt;
    if (word == "heap" && heap.heaps == 0 && takeAmount(line, heap.live))
      heap.heaps = 1;
    else if (word == "uncollected" && line.empty())
      heap.uncollected = 1;
    else if (word != "place" || !addPlace(heap, line))
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<ManagedHeap> parseClassHistogram(std::string_view text) {
  ManagedHeap heap;
  while (!text.empty()) {
    std::string_view line = takeUntil(text, '\n');
    std::string_view rest = line;
    if (takeWord(rest) != "Total") {
      addClass(heap, line);
      continue;
    }
    if (!toNumber(takeWord(rest), heap.live.blocks) || !toNumber(takeWord(rest), heap.live.bytes))
      return std::nullopt;
    heap.heaps = 1;
    return heap;
  }
  return std::nullopt;
}

}  // namespace leakgate
