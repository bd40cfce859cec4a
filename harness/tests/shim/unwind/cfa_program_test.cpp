// Call frame instructions, byte by byte, and the rules that come of them.
#include "shim/unwind/cfa_program.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace leakgate::shim;

namespace {

using Bytes = std::vector<uint8_t>;

ByteReader readerOf(const Bytes& bytes) { return {bytes.data(), bytes.data() + bytes.size()}; }

// What GCC writes for x86-64: CFA = rsp + 8, return address (16) at CFA - 8.
const Bytes kUsual = {0x0c, 7, 8, 0x90, 1};

FrameRule ruleOf(const Bytes& initial, const Bytes& own, uint64_t place = 100, bool isSignalFrame = false) {
  const CodeUnits units{1, -8, 16, isSignalFrame, readerOf(initial)};
  FrameRow row{};
  if (!runCfaProgram(units, readerOf(own), 0, place, row)) return ruleOfKind(CfaRule::other);
  return packRow(row, isSignalFrame);
}

bool is(FrameRule rule, CfaRule cfa, int64_t cfaOffset, BpRule bp, int64_t bpOffset) {
  return rule.cfa == cfa && rule.cfaOffset == cfaOffset && rule.bp == bp && rule.bpOffset == bpOffset;
}

}  // namespace

TEST_CASE("a row holds from its location to the next") {
  // push rbp: CFA + 16, rbp at CFA - 16, from 1 on; mov rbp, rsp: CFA by rbp, from 4 on.
  const Bytes own = {0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6};
  CHECK(is(ruleOf(kUsual, own, 0), CfaRule::fromSp, 8, BpRule::same, 0));
  CHECK(is(ruleOf(kUsual, own, 1), CfaRule::fromSp, 16, BpRule::atCfa, -16));
  CHECK(is(ruleOf(kUsual, own, 3), CfaRule::fromSp, 16, BpRule::atCfa, -16));
  CHECK(is(ruleOf(kUsual, own, 4), CfaRule::fromBp, 16, BpRule::atCfa, -16));
}

TEST_CASE("advances of one, two and four bytes") {
  CHECK(ruleOf(kUsual, {0x02, 200, 0x0e, 16}, 199).cfaOffset == 8);
  CHECK(ruleOf(kUsual, {0x02, 200, 0x0e, 16}, 200).cfaOffset == 16);
  CHECK(ruleOf(kUsual, {0x03, 0, 1, 0x0e, 16}, 255).cfaOffset == 8);
  CHECK(ruleOf(kUsual, {0x03, 0, 1, 0x0e, 16}, 256).cfaOffset == 16);
  CHECK(ruleOf(kUsual, {0x04, 0, 0, 1, 0, 0x0e, 16}, 65535).cfaOffset == 8);
  CHECK(ruleOf(kUsual, {0x04, 0, 0, 1, 0, 0x0e, 16}, 65536).cfaOffset == 16);
}

TEST_CASE("instructions that set the CFA") {
  CHECK(is(ruleOf(kUsual, {0x0c, 6, 32}), CfaRule::fromBp, 32, BpRule::same, 0));
  CHECK(is(ruleOf(kUsual, {0x12, 7, 0x7c}), CfaRule::fromSp, 32, BpRule::same, 0));  // -4 * -8
  CHECK(is(ruleOf(kUsual, {0x13, 0x7e}), CfaRule::fromSp, 16, BpRule::same, 0));
  CHECK(is(ruleOf(kUsual, {0x0e, 0x80, 0x80, 4}), CfaRule::fromSp, 65536, BpRule::same, 0));
  CHECK((ruleOf(kUsual, {0x0c, 3, 8}).cfa == CfaRule::other));                 // by rbx
  CHECK((ruleOf(kUsual, {0x0e, 0x80, 0x80, 0x80, 4}).cfa == CfaRule::other));  // 8 MiB, one too many
  CHECK((ruleOf(kUsual, {0x0e, 0xff, 0xff, 0xff, 3}).cfa == CfaRule::fromSp));
}

TEST_CASE("where rbp is saved") {
  CHECK(ruleOf(kUsual, {0x05, 6, 3}).bpOffset == -24);
  CHECK(ruleOf(kUsual, {0x11, 6, 0x7d}).bpOffset == 24);
  CHECK((ruleOf(kUsual, {0x86, 2, 0x07, 6}).bp == BpRule::lost));
  CHECK((ruleOf(kUsual, {0x86, 2, 0x09, 6, 3}).bp == BpRule::lost));
  CHECK((ruleOf(kUsual, {0x86, 2, 0x14, 6, 3}).bp == BpRule::lost));
  CHECK((ruleOf(kUsual, {0x86, 2, 0x15, 6, 3}).bp == BpRule::lost));
  CHECK((ruleOf(kUsual, {0x86, 2, 0x16, 6, 1, 0x50}).bp == BpRule::lost));
  CHECK((ruleOf(kUsual, {0x86, 2, 0x08, 6}).bp == BpRule::same));
  CHECK((ruleOf(kUsual, {0x86, 2, 0xc6}).bp == BpRule::same));  // restore: as in the CIE
  CHECK((ruleOf(kUsual, {0x86, 2, 0x06, 6}).bp == BpRule::same));
  CHECK(is(ruleOf(kUsual, {0x10, 6, 2, 0x76, 0}), CfaRule::fromSp, 8, BpRule::atBp, 0));
  CHECK((ruleOf(kUsual, {0x10, 6, 3, 0x76, 0, 0x06}).bp == BpRule::lost));
}

TEST_CASE("other registers do not matter, but their operands are read") {
  const Bytes own = {0x83, 2, 0x05, 12, 3, 0x10, 13, 2, 0x76, 0x78, 0x2e, 16, 0x00, 0x0e, 48};
  CHECK(is(ruleOf(kUsual, own), CfaRule::fromSp, 48, BpRule::same, 0));
}

TEST_CASE("remembered rows come back, CFA and all") {
  const Bytes own = {0x0e, 16, 0x86, 2, 0x0a, 0x41, 0x0c, 7, 8, 0xc6, 0x41, 0x0b};
  CHECK(is(ruleOf(kUsual, own, 1), CfaRule::fromSp, 8, BpRule::same, 0));
  CHECK(is(ruleOf(kUsual, own, 2), CfaRule::fromSp, 16, BpRule::atCfa, -16));
  CHECK((ruleOf(kUsual, {0x0b}).cfa == CfaRule::other));
  CHECK((ruleOf(kUsual, Bytes(8, 0x0a)).cfa == CfaRule::fromSp));
  CHECK((ruleOf(kUsual, Bytes(9, 0x0a)).cfa == CfaRule::other));
}

TEST_CASE("a function that aligns its stack keeps its CFA in its frame") {
  CHECK(is(ruleOf(kUsual, {0x0f, 3, 0x76, 0x78, 0x06}), CfaRule::wordAtBp, -8, BpRule::same, 0));
  CHECK((ruleOf(kUsual, {0x0f, 3, 0x77, 0x08, 0x06}).cfa == CfaRule::other));
}

TEST_CASE("stubs for lazy binding") {
  Bytes own = {0x0f, 11, 0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22};
  CHECK(is(ruleOf(kUsual, own), CfaRule::pltEntry, 11, BpRule::same, 0));
  own[8] = 0x35;  // with branch protection they push earlier
  CHECK(is(ruleOf(kUsual, own), CfaRule::pltEntry, 5, BpRule::same, 0));
  own[9] = 0x2b;
  CHECK((ruleOf(kUsual, own).cfa == CfaRule::other));
}

TEST_CASE("the kernel's frame under a signal handler") {
  const Bytes own = {0x0f, 4, 0x77, 0xa0, 1, 0x06, 0x10, 16, 3, 0x77, 0xa8, 1, 0x10, 6, 3, 0x77, 0xf8, 0};
  CHECK(is(ruleOf({0}, own, 0, true), CfaRule::signalFrame, 160, BpRule::same, 120));
  Bytes strange = own;
  strange[10] = 0xb0;
  CHECK((ruleOf({0}, strange, 0, true).cfa == CfaRule::other));
}

TEST_CASE("the return address decides where a stack starts") {
  CHECK((ruleOf(kUsual, {0x07, 16}).cfa == CfaRule::outermost));
  CHECK((ruleOf(kUsual, {0x90, 2}).cfa == CfaRule::other));
  CHECK((ruleOf({0x0c, 7, 8}, {}).cfa == CfaRule::other));
}

TEST_CASE("damaged programs end") {
  CHECK((ruleOf(kUsual, {0x3f}).cfa == CfaRule::other));  // no such instruction
  CHECK((ruleOf(kUsual, {0x0e}).cfa == CfaRule::other));  // cut off
  CHECK((ruleOf(kUsual, {0x0e, 0x80, 0x80}).cfa == CfaRule::other));
  CHECK((ruleOf(kUsual, {0x0f, 200, 0x76}).cfa == CfaRule::other));  // longer than the program
  CHECK((ruleOf(kUsual, {0x04, 1, 0}).cfa == CfaRule::other));
}

TEST_CASE("numbers of variable length") {
  const Bytes bytes = {0x00, 0x7f, 0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};
  ByteReader reader = readerOf(bytes);
  CHECK(reader.uleb() == 0);
  CHECK(reader.uleb() == 127);
  CHECK(reader.uleb() == 128);
  CHECK(reader.uleb() == ~uint64_t{0});
  CHECK(reader.atEnd());
  CHECK_FALSE(reader.failed());
  CHECK(reader.uleb() == 0);
  CHECK(reader.failed());
  const Bytes negative = {0x7f, 0x80, 0x7f, 0x3f, 0x40};
  ByteReader signs = readerOf(negative);
  CHECK(signs.sleb() == -1);
  CHECK(signs.sleb() == -128);
  CHECK(signs.sleb() == 63);
  CHECK(signs.sleb() == -64);
}
