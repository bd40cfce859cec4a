#include "h3http/forms.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "h3http/typed_values.hpp"

using namespace h3::test;

namespace {

const std::string kUrlencoded = "application/x-www-form-urlencoded";
const std::string kMultipart = "multipart/form-data; boundary=XyZ";

std::string posted(const std::string& body, const std::string& type = kUrlencoded) {
  const std::string typeField = type.empty() ? "" : "Content-Type: " + type + "\r\n";
  return requestText("POST", "/", typeField + "Content-Length: " + std::to_string(body.size()) + "\r\n") +
         body;
}

std::string uploadBody() {
  return "--XyZ\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na \"note\"\r\n"
         "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n"
         "Content-Type: application/octet-stream\r\n\r\n\r\n"
         "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.bin\"\r\n"
         "Content-Type: image/png\r\n\r\n" +
         std::string("\0\r\n\xFF", 4) +
         "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ntext\r\n--XyZ--\r\n";
}

// The fields as "name=value|", or the refusal.
std::string fieldsOf(const std::string& request, const h3::FormLimits& limits = {}) {
  h3::App app;
  app.post("/", [&limits](h3::Event& event) {
    std::string all;
    for (const h3::FormField& field : h3::readForm(event, limits).fields())
      all.append(field.name).append(field.isFile() ? "=(file)" : "=").append(field.value).append("|");
    event.sendText(all);
  });
  LocalWorker worker(app);
  const h3::Event& event = worker.run(request);
  return (event.status() == 200 ? "" : std::to_string(event.status()) + " ") +
         std::string(event.responseBody());
}

}  // namespace

TEST_CASE("urlencoded forms: decoded, in order, equal names apart") {
  CHECK(fieldsOf(posted("a=1&b=x+y%21&a=2&c&%61=&&=v")) == "a=1|b=x y!|a=2|c=|a=|=v|");
  CHECK(fieldsOf(posted("")).empty());
  CHECK(fieldsOf(posted("a=1", "Application/X-WWW-Form-Urlencoded ; charset=UTF-8")) == "a=1|");
  CHECK(fieldsOf(posted("a=1", ""))
            .starts_with("415 expected a body of type application/x-www-form-urlencoded"));
  CHECK(fieldsOf(posted("a=1", "text/plain")).starts_with("415 "));
  CHECK(fieldsOf(posted("a=1", kUrlencoded + "\r\nContent-Type: text/plain")).starts_with("415 "));
}

TEST_CASE("multipart forms: fields and files") {
  h3::App app;
  app.post("/", [](h3::Event& event) {
    const h3::Form& form = h3::readForm(event);
    CHECK(form.fields().size() == 4);
    CHECK(form.first("title") == "a \"note\"");
    CHECK(form.first("file") == "text");
    CHECK_FALSE(form.first("none"));
    CHECK(form.file("title") == nullptr);
    const h3::FormField* const file = form.file("file");
    REQUIRE(file != nullptr);
    CHECK(*file->filename == "x.bin");
    CHECK(file->contentType == "image/png");
    CHECK(file->value == std::string_view("\0\r\n\xFF", 4));
    CHECK(file->value.data() >= event.readBody().data());
    CHECK(file->value.data() < event.readBody().data() + event.readBody().size());
    std::size_t count = 0;
    form.forEach("file", [&count](const h3::FormField&) { ++count; });
    CHECK(count == 3);
    CHECK(&h3::readForm(event) == &form);
    event.sendText("done");
  });
  LocalWorker worker(app);
  CHECK(worker.run(posted(uploadBody(), kMultipart)).responseBody() == "done");
}

TEST_CASE("limits and malformed bodies: refused with what is expected") {
  std::string many = "a=1";
  for (int i = 1; i < 1000; ++i) many.append("&a=1");
  CHECK(fieldsOf(posted(many)).size() == 4000);
  CHECK(fieldsOf(posted(many + "&a=1")) == "413 a form has at most 1000 fields");
  CHECK(fieldsOf(posted("a=1&b=2&c=3"), {.fields = 3}) == "a=1|b=2|c=3|");
  CHECK(fieldsOf(posted("a=1&b=2&c=3"), {.fields = 2}) == "413 a form has at most 2 fields");
  CHECK(fieldsOf(posted(uploadBody(), kMultipart), {.multipart = {.parts = 4}}).starts_with("title="));
  CHECK(fieldsOf(posted(uploadBody(), kMultipart), {.multipart = {.parts = 3}}) ==
        "413 the multipart body has too many parts");
  CHECK(fieldsOf(posted("x", kMultipart)).starts_with("400 expected a multipart body to begin"));
  CHECK(fieldsOf(posted("x", "multipart/form-data")).starts_with("415 "));
  CHECK(fieldsOf(posted(uploadBody().substr(0, 60), kMultipart)) ==
        "400 the multipart body ends before its last boundary");
}

TEST_CASE("typed form fields: of both types, in one response with other failures") {
  h3::App app;
  app.post("/", [](h3::Event& event) {
    const auto [title, count] = h3::readValues(event, h3::inForm<std::string_view>("title", {.minBytes = 1}),
                                               h3::inForm<int>("count", {.fallback = 7}));
    return std::string(title) + " " + std::to_string(count) +
           (event.form<bool>("on", {.fallback = false}) ? "!" : "");
  });
  LocalWorker worker(app);
  CHECK(worker.run(posted("title=a+b&count=3&on=on")).responseBody() == "a b 3!");
  CHECK(worker.run(posted(uploadBody(), kMultipart)).responseBody() == "a \"note\" 7");
  const h3::Event& wrong = worker.run(posted("title=&count=x"));
  CHECK(wrong.status() == 400);
  CHECK(wrong.responseBody().find(R"({"in":"form","name":"count","found":"x","expected":"an integer)") !=
        std::string_view::npos);
  CHECK(worker.run(posted("a", "text/plain")).status() == 415);
}

TEST_CASE("forms allocate nothing on the heap") {
  h3::App app;
  app.post("/", [](h3::Event& event) {
    const h3::Form& form = h3::readForm(event);
    event.sendText(form.first("title").value_or("none"));
  });
  LocalWorker worker(app);
  for (const std::string& request :
       {posted("a%20name=1&title=a+text+that+is+longer+than+a+small+string&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=10"),
        posted(uploadBody(), kMultipart)}) {
    for (int i = 0; i < 3; ++i) (void)worker.run(request);
    const AllocationCounter counter;
    for (int i = 0; i < 10; ++i) (void)worker.run(request);
    CHECK(counter.count() == 0);
  }
}

TEST_CASE("random bodies: fields or a refusal") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  h3::App app;
  app.post("/", [](h3::Event& event) { return std::to_string(h3::readForm(event).fields().size()); });
  LocalWorker worker(app);
  for (int i = 0; i < 5'000; ++i) {
    std::string body(random() % 200, ' ');
    for (char& c : body)
      c = random() % 3 == 0 ? "%&=+\r\n-XyZ\""[random() % 11] : static_cast<char>(random());
    CAPTURE(body);
    CHECK(worker.run(posted(body)).status() == 200);
    CHECK(worker.run(posted("--XyZ\r\n" + body, kMultipart)).status() == 400);
  }
}
