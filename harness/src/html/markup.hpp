// Writes HTML in which no name, path or message can become markup.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace leakgate {

/// Text made safe for an element's content and for an attribute's value in double quotes: & < > " ' become
/// entities, control characters and those that reorder text are shown as by printable(). At most
/// kMaxShownBytes of it, then "...": the whole is in the page's data.
/// Source: WHATWG HTML, 13.1.2.3 Attributes and 13.1.4 Character references.
std::string escaped(std::string_view text);

inline constexpr std::size_t kMaxShownBytes = 1'000;

/// A document under construction. All text and all attribute values pass through escaped(); an element is
/// closed when its Open goes out of scope, so the result is well-formed. Names of tags and attributes, and what
/// trusted() is given, must be literals of this program.
class Markup {
 public:
  struct Attribute {
    std::string_view name;
    std::string_view value;
  };
  using Attributes = std::initializer_list<Attribute>;

  /// An open element; closes it on destruction.
  class Open {
   public:
    Open(Markup& markup, std::string_view tag) : markup_(markup), tag_(tag) {}
    ~Open();
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;

   private:
    Markup& markup_;
    std::string_view tag_;
  };

  /// Opens an element on a new line.
  [[nodiscard]] Open open(std::string_view tag, Attributes attributes = {});

  /// Opens an element without white space before it.
  [[nodiscard]] Open openInline(std::string_view tag, Attributes attributes = {});

  /// An element with text only, without white space around it.
  void element(std::string_view tag, std::string_view text, Attributes attributes = {});

  /// An element without content: <meta/>, <path/>.
  void empty(std::string_view tag, Attributes attributes = {});

  void text(std::string_view text) { html_ += escaped(text); }

  /// Adds this program's own markup, style or script as it is.
  void trusted(std::string_view html) { html_ += html; }

  std::string take() { return std::move(html_); }

 private:
  void start(std::string_view tag, Attributes attributes);

  std::string html_;
};

}  // namespace leakgate
