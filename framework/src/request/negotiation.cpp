#include "h3http/negotiation.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "app/event_state.hpp"
#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"
#include "request/field_list.hpp"
#include "request/field_params.hpp"

namespace h3 {
namespace {

constexpr int kFullWeight = 1000;
constexpr int kNoMatch = -1;

// How well a range of a field fits an offer: kNoMatch, or the more specific the higher.
using Fit = int (*)(std::string_view range, std::string_view params, std::string_view offer);

struct Weight {
  int fit = kNoMatch;
  int thousandths = 0;
};

// "1", "0.5", "0.333", "1.000"; kNoMatch for anything else. Source: RFC 9110 12.4.2.
int parseWeight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return kNoMatch;
  int thousandths = (text[0] - '0') * kFullWeight;
  if (text.size() == 1) return thousandths;
  if (text[1] != '.') return kNoMatch;
  int digit = kFullWeight / 10;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return kNoMatch;
    thousandths += (c - '0') * digit;
    digit /= 10;
  }
  return thousandths <= kFullWeight ? thousandths : kNoMatch;
}

// The weight of an element's parameters, and in `params` those before it.
int takeWeight(std::string_view& params) {
  FieldParams reader(params);
  const char* const begin = params.data();
  int weight = kFullWeight;
  bool hasWeight = false;
  FieldParams::State state = reader.next();
  for (; state == FieldParams::State::found; state = reader.next()) {
    if (hasWeight || !equalsIgnoringCase(reader.name(), "q")) continue;
    hasWeight = true;
    weight = reader.isQuoted() ? kNoMatch : parseWeight(reader.value());
    params = {begin, static_cast<std::size_t>(reader.name().data() - begin)};
    params = protocol::trimBlanks(params);
    params.remove_suffix(1);  // the ';'
  }
  return state == FieldParams::State::wrong ? kNoMatch : weight;
}

// "text/html", "*/*", "de-CH", "gzip": tokens, with one slash for a media type.
bool isRange(std::string_view range, bool hasSlash) {
  const std::string_view first = leadingToken(range);
  if (!hasSlash) return !first.empty() && first.size() == range.size();
  if (first.empty() || range.substr(first.size(), 1) != "/") return false;
  const std::string_view second = range.substr(first.size() + 1);
  return !second.empty() && leadingToken(second).size() == second.size();
}

// Calls visit(range, params, weight) for each well-formed element of the fields of that name.
template <class Visit>
void forEachRange(const Event& event, std::string_view field, bool hasSlash, Visit&& visit) {
  for (const std::string_view value : event.headers(field)) {
    forEachQuotedElement(value, [&](std::string_view element) {
      const std::size_t end = findUnquoted(element, ';');
      const std::string_view range = protocol::trimBlanks(element.substr(0, end));
      std::string_view params = element.substr(end);
      const int weight = takeWeight(params);
      if (weight != kNoMatch && isRange(range, hasSlash)) visit(range, params, weight);
    });
  }
}

bool hasParams(std::string_view offered, std::string_view wanted) {
  FieldParams want(wanted);
  while (want.next() == FieldParams::State::found) {
    bool isFound = false;
    FieldParams have(offered);
    while (!isFound && have.next() == FieldParams::State::found)
      isFound =
          equalsIgnoringCase(have.name(), want.name()) && equalsIgnoringCase(have.value(), want.value());
    if (!isFound) return false;
  }
  return true;
}

int fitOfType(std::string_view range, std::string_view params, std::string_view offer) {
  const std::size_t end = findUnquoted(offer, ';');
  const std::string_view type = protocol::trimBlanks(offer.substr(0, end));
  if (range == "*/*") return 0;
  if (range.ends_with("/*"))
    return equalsIgnoringCase(range.substr(0, range.size() - 1), type.substr(0, range.size() - 1)) ? 1
                                                                                                   : kNoMatch;
  if (!equalsIgnoringCase(range, type) || !hasParams(offer.substr(end), params)) return kNoMatch;
  return params.empty() ? 2 : 3;
}

bool isTagPrefix(std::string_view prefix, std::string_view tag) {
  return equalsIgnoringCase(prefix, tag.substr(0, prefix.size())) &&
         (tag.size() == prefix.size() || (tag.size() > prefix.size() && tag[prefix.size()] == '-'));
}

int fitOfLanguage(std::string_view range, std::string_view, std::string_view offer) {
  if (range == "*") return 0;
  if (isTagPrefix(range, offer)) return 2 + static_cast<int>(range.size());
  return isTagPrefix(offer, range) ? 1 : kNoMatch;
}

int fitOfToken(std::string_view range, std::string_view, std::string_view offer) {
  if (range == "*") return 0;
  const bool isAlias = equalsIgnoringCase(range, "x-gzip") && equalsIgnoringCase(offer, "gzip");
  return isAlias || equalsIgnoringCase(range, offer) ? 1 : kNoMatch;
}

struct Negotiation {
  std::string_view field;
  bool hasSlash;
  Fit fit;
  bool isLanguage = false;
};

Weight weightOf(const Event& event, const Negotiation& negotiation, std::string_view offer) {
  Weight best;
  forEachRange(event, negotiation.field, negotiation.hasSlash,
               [&](std::string_view range, std::string_view params, int weight) {
                 const int fit = negotiation.fit(range, params, offer);
                 if (negotiation.isLanguage && fit == 1 && weight == 0)
                   return;  // "not de-CH" is not "not de"
                 if (fit > best.fit || (fit == best.fit && fit != kNoMatch && weight > best.thousandths))
                   best = {fit, weight};
               });
  return best;
}

bool hasRanges(const Event& event, const Negotiation& negotiation) {
  bool isAny = false;
  forEachRange(event, negotiation.field, negotiation.hasSlash,
               [&isAny](std::string_view, std::string_view, int) { isAny = true; });
  return isAny;
}

std::optional<std::string_view> chooseOffer(const Event& event, const Negotiation& negotiation,
                                            std::initializer_list<std::string_view> offers) {
  if (offers.size() == 0) return std::nullopt;
  if (!hasRanges(event, negotiation)) return *offers.begin();
  std::optional<std::string_view> chosen;
  int highest = 0;
  for (const std::string_view offer : offers) {
    const Weight weight = weightOf(event, negotiation, offer);
    if (weight.fit == kNoMatch || weight.thousandths <= highest) continue;
    highest = weight.thousandths;
    chosen = offer;
  }
  return chosen;
}

}  // namespace

std::optional<std::string_view> accepts(const Event& event, std::initializer_list<std::string_view> types) {
  return chooseOffer(event, {"Accept", true, fitOfType}, types);
}

std::optional<std::string_view> acceptsLanguage(const Event& event,
                                                std::initializer_list<std::string_view> languages) {
  return chooseOffer(event, {"Accept-Language", false, fitOfLanguage, true}, languages);
}

std::optional<std::string_view> acceptsCharset(const Event& event,
                                               std::initializer_list<std::string_view> charsets) {
  return chooseOffer(event, {"Accept-Charset", false, fitOfToken}, charsets);
}

std::optional<std::string_view> acceptsEncoding(const Event& event,
                                                std::initializer_list<std::string_view> codings) {
  const Negotiation negotiation{"Accept-Encoding", false, fitOfToken};
  std::optional<std::string_view> identity;
  for (const std::string_view coding : codings)
    if (equalsIgnoringCase(coding, "identity")) identity = coding;
  if (event.headers(negotiation.field).empty() && identity) return identity;
  if (!event.headers(negotiation.field).empty() && !hasRanges(event, negotiation)) return identity;
  if (const auto chosen = chooseOffer(event, negotiation, codings)) return chosen;
  // RFC 9110 12.5.3: identity need not be listed, but can be refused.
  return identity && weightOf(event, negotiation, *identity).fit == kNoMatch ? identity : std::nullopt;
}

void varyBy(Event& event, std::string_view field) {
  EventState& state = EventState::of(event);
  protocol::checkResponseField(field, "");
  std::string_view listed;
  for (const protocol::ResponseField& own : state.fields.all()) {
    if (!equalsIgnoringCase(own.name, "Vary")) continue;
    listed = own.value;
    bool isNamed = false;
    protocol::forEachListElement(own.value, [&](std::string_view name) {
      isNamed = isNamed || name == "*" || equalsIgnoringCase(name, field);
    });
    if (isNamed) return;
  }
  if (listed.empty()) return event.appendHeader("Vary", field);
  const std::span<char> text = state.arena.allocateChars(listed.size() + 2 + field.size());
  auto out = std::copy(listed.begin(), listed.end(), text.begin());
  *out++ = ',';
  *out++ = ' ';
  std::copy(field.begin(), field.end(), out);
  const char* const last = listed.data();
  state.fields.replaceIf(state.arena,
                         [last](const protocol::ResponseField& own) { return own.value.data() == last; },
                         {text.data(), text.size()});
}

}  // namespace h3
