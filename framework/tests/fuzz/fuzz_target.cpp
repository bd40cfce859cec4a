// Request targets: parts within the text, one spelling for each path.
//
//   1 byte: the method | the target
#include <string>
#include <string_view>

#include "fuzz_input.hpp"
#include "h3http/arena.hpp"
#include "http/canonical_path.hpp"
#include "http/percent.hpp"
#include "http/target.hpp"

using namespace h3::test;
using h3::Target;
using h3::TargetForm;
using h3::TargetSyntax;

namespace {

void checkParts(const Target& target, std::string_view text) {
  const bool isDefaultPath = target.path == "/" || target.path == "*";
  FUZZ_CHECK(isDefaultPath || liesIn(target.path, text));
  FUZZ_CHECK(liesIn(target.query, text));
  FUZZ_CHECK(liesIn(target.authority, text));
  FUZZ_CHECK(target.hasQuery || target.query.empty());
  if (target.form == TargetForm::authority) return;
  FUZZ_CHECK(target.path == "*" || target.path.starts_with('/'));
  FUZZ_CHECK(target.path.find_first_of("?#") == std::string_view::npos);
  FUZZ_CHECK(target.query.find('#') == std::string_view::npos);
}

// A canonical path is its own, and what a program registers gets the same spelling.
void checkCanonical(Target target, h3::Arena& arena) {
  const std::string written(target.path);
  const std::string path(h3::canonicalPath(target, arena));
  FUZZ_CHECK(path.starts_with('/'));
  FUZZ_CHECK(path.size() <= 3 * written.size());
  FUZZ_CHECK(path == h3::canonicalSpelling(written));
  FUZZ_CHECK(path == h3::canonicalSpelling(path));
  const auto again = h3::parseTarget(h3::Method::get, path, TargetSyntax::strict);
  FUZZ_CHECK(again.has_value());
  Target second = *again;
  FUZZ_CHECK(h3::canonicalPath(second, arena) == path);
  FUZZ_CHECK(!second.hadDotSegments);
  FUZZ_CHECK(second.isUnroutable == target.isUnroutable);
  FUZZ_CHECK(target.isUnroutable != h3::problemOfPath(path).empty());
  FUZZ_CHECK(h3::isUnderDecodedPrefix(path, ""));
}

void checkQuery(const Target& target, h3::Arena& arena) {
  const std::string asUri = "/?" + std::string(h3::encodeQuery(target.query, arena));
  const auto again = h3::parseTarget(h3::Method::get, asUri, TargetSyntax::strict);
  FUZZ_CHECK(again.has_value());
  FUZZ_CHECK(h3::percentDecode(again->query, arena) == h3::percentDecode(target.query, arena));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const auto method = static_cast<h3::Method>(input.takeByte() % 10);
  const std::string_view text = input.rest().substr(0, 2048);
  const auto strict = h3::parseTarget(method, text, TargetSyntax::strict);
  const auto browser = h3::parseTarget(method, text, TargetSyntax::browser);
  if (strict) checkParts(*strict, text);
  if (!browser) {
    FUZZ_CHECK(!strict);
    FUZZ_CHECK(!h3::toString(browser.error()).empty());
    return 0;
  }
  checkParts(*browser, text);
  if (strict) {
    FUZZ_CHECK(strict->form == browser->form && strict->path == browser->path);
    FUZZ_CHECK(strict->query == browser->query && strict->authority == browser->authority);
  }
  h3::Arena arena;
  if (browser->path.starts_with('/')) checkCanonical(*browser, arena);
  checkQuery(*browser, arena);
  return 0;
}
