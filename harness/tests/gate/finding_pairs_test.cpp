#include "gate/finding_pairs.hpp"

#include <doctest/doctest.h>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

NamedFinding leakIn(std::initializer_list<const char*> functions, FindingKind kind = FindingKind::heap) {
  NamedFinding finding;
  finding.growth.kind = kind;
  for (const char* function : functions) {
    Frame& frame = finding.stack.emplace_back();
    frame.function = function;
    finding.fingerprint += function;
  }
  return finding;
}

bool arePaired(const NamedFinding& before, const NamedFinding& after) {
  const NamedFinding* old[] = {&before};
  const NamedFinding* fresh[] = {&after};
  return pairFindings(old, fresh)[0].has_value();
}

}  // namespace

TEST_CASE("findings are paired by fingerprint, one to one") {
  const FindingIdentity before[] = {{"a", ""}, {"b", ""}};
  const FindingIdentity after[] = {{"b", ""}, {"b", ""}, {"c", ""}};
  const auto pairs = pairFindings(before, after);
  REQUIRE(pairs[0]);
  CHECK(pairs[0]->before == 1);
  CHECK_FALSE(pairs[1]);
  CHECK_FALSE(pairs[2]);
}

TEST_CASE("a site is paired with one of its parts") {
  const FindingIdentity whole[] = {{"site", ""}};
  const FindingIdentity parts[] = {{"part 1", "site"}, {"part 2", "site"}};
  CHECK(pairFindings(whole, parts)[0]);
  CHECK_FALSE(pairFindings(whole, parts)[1]);
  CHECK(pairFindings(parts, whole)[0]);
}

TEST_CASE("a leak is the same after a rename, if it is of the same kind") {
  const NamedFinding old = leakIn({"saveNote", "dispatch", "main"});
  const NamedFinding renamed = leakIn({"saveNotes", "dispatch", "main"});
  CHECK(arePaired(old, renamed));
  CHECK_FALSE(arePaired(old, leakIn({"saveNotes", "dispatch", "main"}, FindingKind::mapping)));
  CHECK_FALSE(arePaired(old, leakIn({"rotateLog", "runTimers", "main"})));
}
