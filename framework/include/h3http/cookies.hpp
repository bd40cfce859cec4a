#pragma once
#include <optional>
#include <string_view>

namespace h3 {

/// The value of the first cookie of that name in a Cookie field's value ("a=1; b=2", RFC 6265 section 4.2.1).
///
/// As sent: nothing is decoded, and quotes around it stay. Names are case-sensitive. Spaces and tabs around
/// names and values are ignored, and pairs without '=' are skipped, because servers must expect both (RFC
/// 6265 section 5.2). One scan, no memory. Lifetime: a view into the field.
std::optional<std::string_view> findCookie(std::string_view field, std::string_view name) noexcept;

}  // namespace h3
