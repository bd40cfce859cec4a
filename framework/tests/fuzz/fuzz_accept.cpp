// Content negotiation: an offer or none, consistently, the same for one field line and for two; without memory.
//
//   1 byte: which field | 1 byte: at which comma to cut | its value
#include <optional>
#include <string>
#include <string_view>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"
#include "fuzz_input.hpp"
#include "h3http/negotiation.hpp"
#include "request/field_list.hpp"

using namespace h3::test;

namespace {

using Choice = std::optional<std::string_view>;

struct Negotiated {
  std::string_view field;
  Choice (*choose)(const h3::Event&, std::initializer_list<std::string_view>);
  std::string_view offers[3];
};

constexpr Negotiated kNegotiated[] = {
    {"Accept", h3::accepts, {"application/json", "text/html;level=1", "text/html"}},
    {"Accept-Language", h3::acceptsLanguage, {"en", "de-CH", "de"}},
    {"Accept-Encoding", h3::acceptsEncoding, {"br", "gzip", "identity"}},
    {"Accept-Charset", h3::acceptsCharset, {"utf-8", "iso-8859-1", "us-ascii"}}};

const Negotiated* negotiated = nullptr;
Choice chosen;

void handleOffers(h3::Event& event) {
  const auto& [field, choose, offers] = *negotiated;
  const AllocationCounter counter;
  chosen = choose(event, {offers[0], offers[1], offers[2]});
  Choice alone[3];
  for (int i = 0; i < 3; ++i) alone[i] = choose(event, {offers[i]});
  FUZZ_CHECK(!choose(event, {}));
  FUZZ_CHECK(counter.count() == 0);
  bool isOffer = !chosen;
  for (int i = 0; i < 3; ++i) {
    FUZZ_CHECK(!alone[i] || *alone[i] == offers[i]);
    FUZZ_CHECK(!alone[i] || chosen);  // what is accepted alone leaves no choice empty
    if (!chosen || chosen->data() != offers[i].data()) continue;
    isOffer = true;
    FUZZ_CHECK(alone[i].has_value());
  }
  FUZZ_CHECK(isOffer);
  event.sendText("");
}

h3::App& negotiationApp() {
  static h3::App app;
  app.get("/", handleOffers);
  return app;
}

// The offset of the comma of this number that is not in quotes, or the size.
std::size_t findCut(std::string_view value, std::size_t number) {
  std::size_t at = h3::findUnquoted(value, ',');
  for (; number != 0 && at < value.size(); --number) at += 1 + h3::findUnquoted(value.substr(at + 1), ',');
  return std::min(at, value.size());
}

std::string fieldLine(std::string_view value) {
  return std::string(negotiated->field).append(": ").append(value).append("\r\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static LocalWorker worker(negotiationApp());
  FuzzInput input(data, size);
  negotiated = &kNegotiated[input.takeByte() % std::size(kNegotiated)];
  const std::size_t commas = input.takeByte() % 8;
  const std::string_view value = input.rest();
  if (value.size() > 2048 || !isFieldValue(value)) return 0;
  FUZZ_CHECK(worker.run(requestText("GET", "/", fieldLine(value))).status() == 200);
  const Choice whole = chosen;
  const std::size_t cut = findCut(value, commas);
  if (cut == value.size()) return 0;
  const std::string lines = fieldLine(value.substr(0, cut)) + fieldLine(value.substr(cut + 1));
  FUZZ_CHECK(worker.run(requestText("GET", "/", lines)).status() == 200);
  FUZZ_CHECK(chosen == whole);
  worker.release();
  return 0;
}
