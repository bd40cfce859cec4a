// Content negotiation: which of the offered types, languages, codings and charsets a client prefers.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "h3http/event.hpp"

namespace h3 {

// Each function returns the offer of the highest weight, of equal ones the first; none when the client accepts none of
// them (406, or a default of your own). Without the field, or when nothing in it is well-formed, each offer is as good
// as the other; elements that are malformed are ignored. A response that depends on the choice needs a Vary field:
// see varyBy().
//
// Allocates: nothing; the fields are read for each offer. Lifetime: the result is that of the offer.
// Source: RFC 9110 12.4 and 12.5.

/// Accept. Offers are media types, with or without parameters: "application/json", "text/html;level=1". The most
/// specific range counts: `text/*;q=0.3, text/html` gives text/html 1 and text/plain 0.3.
std::optional<std::string_view> accepts(const Event& event, std::initializer_list<std::string_view> types);

/// Accept-Language. Offers are language tags: "en", "de-CH". "de" accepts "de-CH"; "de-CH" accepts "de" too, where no
/// other range but "*" does (RFC 4647 3.4).
std::optional<std::string_view> acceptsLanguage(const Event& event,
                                                std::initializer_list<std::string_view> languages);

/// Accept-Encoding. Offers are codings: "br", "gzip", "identity". "identity" is accepted unless the client refuses
/// it, and preferred last unless the client lists it. Without the field, or when nothing in it is well-formed, it is
/// the choice if it is offered.
std::optional<std::string_view> acceptsEncoding(const Event& event,
                                                std::initializer_list<std::string_view> codings);

/// Accept-Charset, which browsers do not send any more.
std::optional<std::string_view> acceptsCharset(const Event& event,
                                               std::initializer_list<std::string_view> charsets);

/// Adds a name to the response's Vary field, unless it is there already, or "*": `varyBy(event, "Accept")`. Source: RFC
/// 9110 12.5.5. Errors: std::invalid_argument for what is no field name.
void varyBy(Event& event, std::string_view field);

}  // namespace h3
