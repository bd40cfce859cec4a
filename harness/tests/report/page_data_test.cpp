#include "report/page_data.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"

using namespace leakgate;

namespace {

std::string pageWith(const std::string& blocks) {
  return "<!DOCTYPE html><html><body>" + blocks + "</body></html>";
}

std::string refusalOf(const std::string& page) {
  try {
    jsonOf(page, kReportDataId, "a.html");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("each document of a page is read by its id") {
  const std::string page =
      pageWith(dataBlock(kReportDataId, R"({"a": "</script><b>"})") + dataBlock(kBaseDataId, R"({"b": 1})"));
  CHECK(page.find("</script><b>") == std::string::npos);
  CHECK(jsonOf(page, kReportDataId, "a.html") == R"({"a": "\u003c/script>\u003cb>"})");
  CHECK(jsonOf(page, kBaseDataId, "a.html") == R"({"b": 1})");
}

TEST_CASE("a large document is packed, and read as it was") {
  const std::string json = "{\"a\": \"" + std::string(kMaxPlainDataBytes, 'x') + "\"}";
  const std::string page = pageWith(dataBlock(kReportDataId, json));
  CHECK(page.size() < 2'000);
  CHECK(jsonOf(page, kReportDataId, "a.html") == json);
}

TEST_CASE("what is no page is taken as it is") {
  CHECK(jsonOf("{\"a\": 1}", kReportDataId, "a.json") == "{\"a\": 1}");
  CHECK(jsonOf("", kReportDataId, "a.json").empty());
}

TEST_CASE("a page without a report, a cut and a damaged one are refused by name") {
  CHECK(refusalOf(pageWith(""))
            .starts_with("a.html: found a page without a report, expected a page of leakgate"));
  const std::string whole = pageWith(dataBlock(kReportDataId, "{\"a\": 1}"));
  CHECK(refusalOf(whole.substr(0, whole.find("</script>")))
            .starts_with("a.html: found a page without a report"));
  std::string packed = pageWith(dataBlock(kReportDataId, std::string(kMaxPlainDataBytes + 1, ' ')));
  packed.replace(packed.find("H4sI"), 4, "!!!!");
  CHECK(refusalOf(packed).starts_with("a.html: found a damaged report"));
}
