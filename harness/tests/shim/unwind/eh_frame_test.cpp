// Finding a rule by .eh_frame_hdr: in this program's own, and in damaged ones.
#include "shim/unwind/eh_frame.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <string.h>

#include <vector>

#include "odd_frames.hpp"

using namespace leakgate::shim;

namespace {

uint64_t addressOf(void (*function)(Callback)) { return reinterpret_cast<uint64_t>(function); }

EhFrame framesOf(uint64_t address) {
  dl_find_object found;
  REQUIRE(_dl_find_object(reinterpret_cast<void*>(address), &found) == 0);
  return openEhFrame(found.dlfo_eh_frame, found.dlfo_map_start, found.dlfo_map_end);
}

}  // namespace

TEST_CASE("this program's own frames") {
  const EhFrame frames = framesOf(addressOf(callWithWildRows));
  REQUIRE(frames.table != nullptr);
  CHECK((readFrameRule(frames, addressOf(callWithWildRows)).cfa == CfaRule::fromSp));
  CHECK(readFrameRule(frames, addressOf(callWithWildRows) + 4).cfaOffset == 4194304);
  CHECK((readFrameRule(frames, addressOf(callWithoutCaller) + 4).cfa == CfaRule::outermost));
  CHECK((readFrameRule(frames, addressOf(callFromStub)).cfa == CfaRule::pltEntry));
}

TEST_CASE("code between functions has no rule") {
  const EhFrame frames = framesOf(addressOf(callWithoutRows));
  CHECK((readFrameRule(frames, addressOf(callWithoutRows) + 4).cfa == CfaRule::none));
  CHECK((readFrameRule(frames, reinterpret_cast<uint64_t>(frames.moduleStart)).cfa == CfaRule::none));
  CHECK((readFrameRule(frames, reinterpret_cast<uint64_t>(frames.moduleEnd) - 1).cfa == CfaRule::none));
}

TEST_CASE("a header that is missing, unknown or too short has no table") {
  const std::vector<uint8_t> good = {1, 0x1b, 3, 0x3b, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto opened = [](const std::vector<uint8_t>& bytes) {
    return openEhFrame(bytes.data(), bytes.data(), bytes.data() + bytes.size());
  };
  CHECK(opened(good).count == 1);
  for (const size_t changed : {0, 2, 3}) {
    std::vector<uint8_t> bytes = good;
    bytes[changed] = 0xff;
    CHECK_MESSAGE(opened(bytes).table == nullptr, "byte ", changed);
  }
  CHECK(opened({good.begin(), good.end() - 1}).table == nullptr);
  CHECK(opened({good.begin(), good.begin() + 3}).table == nullptr);
  CHECK(openEhFrame(nullptr, good.data(), good.data() + good.size()).table == nullptr);
  CHECK((readFrameRule(opened({0}), 1).cfa == CfaRule::none));
}

TEST_CASE("records that lead out of the module are not followed") {
  std::vector<uint8_t> bytes = {1, 0x1b, 3, 0x3b, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const EhFrame frames = openEhFrame(bytes.data(), bytes.data(), bytes.data() + bytes.size());
  const auto here = reinterpret_cast<uint64_t>(bytes.data());
  for (const int32_t record : {-1000000, 16, 20, 1000000, 0}) {
    memcpy(bytes.data() + 16, &record, sizeof record);
    const CfaRule cfa = readFrameRule(frames, here + 4).cfa;
    CHECK_MESSAGE((cfa == CfaRule::none || cfa == CfaRule::other), "record at ", record);
  }
}
