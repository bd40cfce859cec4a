// Query parameters: pairs within the query, found by their decoded names, without memory.
//
//   the query
#include <optional>
#include <string>
#include <string_view>

#include "../memory/allocation_counter.hpp"
#include "fuzz_input.hpp"
#include "h3http/arena.hpp"
#include "h3http/query_params.hpp"
#include "http/percent.hpp"

using namespace h3::test;
using h3::QueryParam;
using h3::QueryParams;

namespace {

constexpr std::size_t kMaxChecked = 24;  // each is searched from the start

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    char escape[4];
    std::snprintf(escape, sizeof(escape), "%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    result += escape;
  }
  return result;
}

void checkName(const QueryParams& params, std::string_view raw, h3::Arena& arena) {
  const std::string_view name = h3::decodeQueryComponent(raw, arena);
  FUZZ_CHECK(name.size() <= raw.size());
  FUZZ_CHECK(h3::queryComponentEquals(raw, name));
  FUZZ_CHECK(h3::queryComponentEquals(escaped(name), name));
  FUZZ_CHECK(!h3::queryComponentEquals(raw, std::string(name) + "x"));
  std::optional<std::string_view> first;
  for (const QueryParam& param : params) {
    if (h3::decodeQueryComponent(param.name, arena) != name) continue;
    first = param.value;
    break;
  }
  const AllocationCounter counter;
  const auto found = params.findRaw(name);
  FUZZ_CHECK(counter.count() == 0);
  FUZZ_CHECK(found.has_value() && found == first);
  FUZZ_CHECK(*params.find(name, arena) == h3::decodeQueryComponent(*first, arena));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view query = FuzzInput(data, size).rest().substr(0, 4096);
  const QueryParams params(query);
  h3::Arena arena;
  const AllocationCounter counter;
  std::size_t pairs = 0;
  for (const QueryParam& param : params) {
    ++pairs;
    FUZZ_CHECK(liesIn(param.name, query) && liesIn(param.value, query));
    FUZZ_CHECK(param.name.find_first_of("&=") == std::string_view::npos);
    FUZZ_CHECK(param.value.find('&') == std::string_view::npos);
  }
  const bool tooMany = params.tooMany();
  FUZZ_CHECK(counter.count() == 0);
  FUZZ_CHECK(pairs <= QueryParams::kMaxPairs);
  FUZZ_CHECK(!tooMany || pairs == QueryParams::kMaxPairs);
  std::size_t checked = 0;
  for (const QueryParam& param : params) {
    if (++checked > kMaxChecked) break;
    checkName(params, param.name, arena);
  }
  const std::string whole = "n=" + escaped(query);
  FUZZ_CHECK(*QueryParams(whole).find("n", arena) == query);
  return 0;
}
