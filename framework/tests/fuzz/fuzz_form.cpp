// readForm(): urlencoded and multipart forms in the body of a request, within their limits.
//
//   a line: Content-Type, "" for urlencoded | the body
#include <string>
#include <string_view>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "fuzz_input.hpp"
#include "h3http/error.hpp"
#include "h3http/forms.hpp"
#include "h3http/query_params.hpp"
#include "http/percent.hpp"

using namespace h3::test;

namespace {

constexpr std::string_view kUrlencoded = "application/x-www-form-urlencoded";

h3::FormLimits formLimits() {
  h3::FormLimits limits;
  limits.fields = 8;
  limits.multipart = {.parts = 4, .headerBytes = 200, .nameBytes = 15, .partBytes = 64};
  return limits;
}

void checkUrlencoded(h3::Event& event, const h3::Form& form) {
  std::size_t at = 0;
  for (const h3::QueryParam& pair : h3::QueryParams(event.readBody())) {
    FUZZ_CHECK(at < form.fields().size());
    const h3::FormField& field = form.fields()[at++];
    FUZZ_CHECK(field.name == h3::decodeQueryComponent(pair.name, event.arena()));
    FUZZ_CHECK(field.value == h3::decodeQueryComponent(pair.value, event.arena()));
    FUZZ_CHECK(!field.isFile() && field.contentType.empty());
  }
  FUZZ_CHECK(at == form.fields().size() && at <= formLimits().fields);
}

void checkMultipart(h3::Event& event, const h3::Form& form) {
  const h3::FormLimits limits = formLimits();
  FUZZ_CHECK(form.fields().size() <= limits.multipart.parts);
  for (const h3::FormField& field : form.fields()) {
    FUZZ_CHECK(liesIn(field.value, event.readBody()) && liesIn(field.contentType, event.readBody()));
    FUZZ_CHECK(field.value.size() <= limits.multipart.partBytes);
    FUZZ_CHECK(field.name.size() <= limits.multipart.nameBytes);
    FUZZ_CHECK(!field.filename || field.filename->size() <= limits.multipart.nameBytes);
  }
}

void checkSearch(const h3::Form& form) {
  for (const h3::FormField& field : form.fields()) {
    std::size_t count = 0;
    form.forEach(field.name, [&count](const h3::FormField&) { ++count; });
    FUZZ_CHECK(count >= 1);
    FUZZ_CHECK(field.isFile() || form.first(field.name).has_value());
    const h3::FormField* const file = form.file(field.name);
    FUZZ_CHECK(file == nullptr || (file->isFile() && file->name == field.name));
  }
}

void handleForm(h3::Event& event) {
  try {
    const h3::Form& form = h3::readForm(event, formLimits());
    FUZZ_CHECK(&form == &h3::readForm(event));
    const std::string_view type = event.getHeader("Content-Type").value_or("");
    if (type == kUrlencoded) checkUrlencoded(event, form);
    if (h3::multipartBoundary(type)) checkMultipart(event, form);
    checkSearch(form);
  } catch (const h3::HttpError& error) {
    FUZZ_CHECK(error.status() == 400 || error.status() == 413 || error.status() == 415);
    FUZZ_CHECK(*error.what() != '\0');
  }
  event.sendText("");
}

h3::App& formApp() {
  static h3::App app;
  app.post("/", handleForm);
  return app;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static LocalWorker worker(formApp());
  FuzzInput input(data, size);
  std::string_view type = input.takeLine();
  if (type.empty()) type = kUrlencoded;
  if (type.size() > 1024 || !isFieldValue(type)) return 0;
  const std::string fields = "Content-Type: " + std::string(type) +
                             "\r\nContent-Length: " + std::to_string(input.rest().size()) + "\r\n";
  FUZZ_CHECK(worker.run(requestText("POST", "/", fields).append(input.rest())).status() == 200);
  worker.release();
  return 0;
}
