// Forms: the fields and files of application/x-www-form-urlencoded and multipart/form-data bodies.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "h3http/event.hpp"
#include "h3http/multipart.hpp"

namespace h3 {

/// A field of a form, or a file.
struct FormField {
  std::string_view name;
  std::string_view value;  ///< decoded; of a file its bytes
  std::optional<std::string_view>
      filename;                  ///< has a value for files: as the client says, never a path to use
  std::string_view contentType;  ///< of a multipart field, as the client says; else ""

  bool isFile() const noexcept { return filename.has_value(); }
};

struct FormLimits {
  std::size_t fields = 1'000;      ///< of an urlencoded form; 413. At most 1,000
  MultipartLimits multipart = {};  ///< 413
};

/// The fields of a body, in the order sent; equal names stay apart.
///
/// Lifetime: as long as the event; values are views into the body, or into the arena where they were encoded.
class Form {
 public:
  explicit Form(std::span<const FormField> fields) : fields_(fields) {}

  std::span<const FormField> fields() const noexcept { return fields_; }
  /// The value of the first field of that name that is no file.
  std::optional<std::string_view> first(std::string_view name) const noexcept;
  /// The first file of that name; null also when the user chose none (browsers then send an empty one without a name).
  const FormField* file(std::string_view name) const noexcept;
  /// Calls `visit(field)` for each field and file of that name.
  template <class Visit>
  void forEach(std::string_view name, Visit&& visit) const {
    for (const FormField& field : fields_)
      if (field.name == name) visit(field);
  }

 private:
  std::span<const FormField> fields_;
};

/// The body as a form, parsed at the first call; later calls return the same, whatever their limits.
///
/// Errors: HttpError 415 when the content type is that of no form, 400 when a multipart body is malformed (see
/// MultipartParser), 413 beyond a limit; the message says which. Allocates: in the arena, 80 bytes a field, and what
/// was encoded; on the heap only for names in multipart bodies that have escapes and more than 15 bytes. Source: RFC
/// 7578, and the URL standard for urlencoded forms (its charset is UTF-8).
const Form& readForm(Event& event, const FormLimits& limits = {});

}  // namespace h3
