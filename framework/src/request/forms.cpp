#include "h3http/forms.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <string>

#include "app/event_state.hpp"
#include "h3http/error.hpp"
#include "h3http/query_params.hpp"
#include "http/ascii_case.hpp"
#include "http/percent.hpp"
#include "protocol/field_text.hpp"

namespace h3 {
namespace {

// Grows in the arena.
class FormFieldList {
 public:
  explicit FormFieldList(Arena& arena) : arena_(arena) {}

  void add(const FormField& field) {
    if (size_ == capacity_) grow();
    ::new (fields_ + size_++) FormField(field);
  }
  FormField& last() { return fields_[size_ - 1]; }
  std::span<const FormField> all() const { return {fields_, size_}; }

 private:
  void grow() {
    capacity_ = capacity_ == 0 ? 8 : 2 * capacity_;
    auto* const larger =
        static_cast<FormField*>(arena_.allocate(capacity_ * sizeof(FormField), alignof(FormField)));
    std::uninitialized_copy_n(fields_, size_, larger);
    fields_ = larger;
  }

  Arena& arena_;
  FormField* fields_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// The body is pushed at once, so the content of a part is one view into it; decoded names are copied.
class FormCollector final : public MultipartHandler {
 public:
  FormCollector(Arena& arena, std::string_view body) : arena_(arena), body_(body), fields_(arena) {}

  void onPartBegin(const PartHead& head) override {
    FormField field;
    field.name = kept(head.name);
    if (head.filename) field.filename = kept(*head.filename);
    field.contentType = head.contentType;
    fields_.add(field);
  }
  void onPartData(std::string_view bytes) override { fields_.last().value = bytes; }
  void onPartEnd() override {}

  std::span<const FormField> all() const { return fields_.all(); }

 private:
  std::string_view kept(std::string_view text) const {
    const bool isInBody = text.data() >= body_.data() && text.data() < body_.data() + body_.size();
    return isInBody ? text : arena_.copy(text);
  }

  Arena& arena_;
  std::string_view body_;
  FormFieldList fields_;
};

std::span<const FormField> readUrlencoded(Event& event, const FormLimits& limits) {
  const QueryParams pairs(event.readBody());
  FormFieldList fields(event.arena());
  const std::size_t maxFields = std::min(limits.fields, QueryParams::kMaxPairs);
  if (pairs.tooMany()) throw HttpError(413, "a form has at most " + std::to_string(maxFields) + " fields");
  for (const QueryParam& pair : pairs) {
    if (fields.all().size() == maxFields)
      throw HttpError(413, "a form has at most " + std::to_string(maxFields) + " fields");
    FormField field;
    field.name = decodeQueryComponent(pair.name, event.arena());
    field.value = decodeQueryComponent(pair.value, event.arena());
    fields.add(field);
  }
  return fields.all();
}

std::span<const FormField> readMultipart(Event& event, std::string_view boundary, const FormLimits& limits) {
  FormCollector collector(event.arena(), event.readBody());
  MultipartParser parser(boundary, collector, limits.multipart);
  MultipartError error = parser.push(event.readBody());
  if (error == MultipartError::none) error = parser.finish();
  if (error != MultipartError::none)
    throw HttpError(error >= MultipartError::tooManyParts ? 413 : 400, std::string(describe(error)));
  return collector.all();
}

std::span<const FormField> readFields(Event& event, const FormLimits& limits) {
  const auto contentType = EventState::of(event).head.headers.findOnly("Content-Type");
  if (contentType) {
    if (const auto boundary = multipartBoundary(*contentType)) return readMultipart(event, *boundary, limits);
    const std::string_view type = protocol::trimBlanks(contentType->substr(0, contentType->find(';')));
    if (equalsIgnoringCase(type, "application/x-www-form-urlencoded")) return readUrlencoded(event, limits);
  }
  throw HttpError(
      415,
      "expected a body of type application/x-www-form-urlencoded, or multipart/form-data with a boundary");
}

}  // namespace

std::optional<std::string_view> Form::first(std::string_view name) const noexcept {
  for (const FormField& field : fields_)
    if (!field.isFile() && field.name == name) return field.value;
  return std::nullopt;
}

const FormField* Form::file(std::string_view name) const noexcept {
  for (const FormField& field : fields_)
    if (field.isFile() && field.name == name && !(field.filename->empty() && field.value.empty()))
      return &field;
  return nullptr;
}

const Form& readForm(Event& event, const FormLimits& limits) {
  EventExtras& extras = EventState::of(event).getExtras();
  if (extras.form == nullptr) extras.form = event.arena().make<Form>(readFields(event, limits));
  return *extras.form;
}

}  // namespace h3
