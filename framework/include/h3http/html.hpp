// Text within HTML.
#pragma once

#include <string_view>

namespace h3 {

class Arena;

/// `text` with `& < > " '` as character references: safe as the text of an element, and as the value of an attribute in
/// quotes. Not within <script> or <style>, in attributes without quotes, in names, nor for what an attribute runs or loads:
/// `href="javascript:..."` needs no such character. NUL, which no reference can stand for, becomes U+FFFD.
///
///     event.sendHtml(concat("<p title=\"", escapeHtml(title, event.arena()), "\">"));
///
/// Lifetime: the result is `text` itself when nothing is to be escaped, else it is in the arena. Source: HTML 13.1.2, 13.2.5.
std::string_view escapeHtml(std::string_view text, Arena& arena);

}  // namespace h3
