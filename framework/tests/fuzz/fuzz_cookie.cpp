// The Cookie field: the first cookie of a name, as a plain reading of RFC 6265 5.4 finds it, without memory.
//
//   a line: the name | the field
#include <optional>
#include <string>
#include <string_view>

#include "../memory/allocation_counter.hpp"
#include "fuzz_input.hpp"
#include "h3http/cookies.hpp"

using namespace h3::test;

namespace {

std::string withoutBlanks(std::string text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.erase(0, 1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
  return text;
}

std::optional<std::string> expectedCookie(const std::string& field, const std::string& name) {
  std::string pair;
  for (std::size_t i = 0; i <= field.size(); ++i) {
    if (i < field.size() && field[i] != ';') {
      pair += field[i];
      continue;
    }
    const std::size_t equals = pair.find('=');
    if (equals != std::string::npos && withoutBlanks(pair.substr(0, equals)) == name)
      return withoutBlanks(pair.substr(equals + 1));
    pair.clear();
  }
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const std::string_view name = input.takeLine();
  const std::string_view field = input.rest();
  const AllocationCounter counter;
  const auto found = h3::findCookie(field, name);
  FUZZ_CHECK(counter.count() == 0);
  const auto expected = expectedCookie(std::string(field), std::string(name));
  FUZZ_CHECK(found.has_value() == expected.has_value());
  if (!found) return 0;
  FUZZ_CHECK(*found == *expected);
  FUZZ_CHECK(liesIn(*found, field));
  // Behind others, and in front of others, it is the same.
  const std::string more =
      "other-" + std::string(name) + "=x; " + std::string(field) + "; " + std::string(name) + "=y";
  FUZZ_CHECK(h3::findCookie(more, name) == found);
  return 0;
}
