#include "region/layout.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>

using namespace leakgate::layout;

TEST_CASE("each size up to 1,024 is its own class") {
  for (std::uint64_t bytes = 0; bytes <= 1024; ++bytes) CHECK(sizeClassLimit(sizeClassOf(bytes)) == bytes);
}

TEST_CASE("above, there are eight classes for each power of two") {
  struct Case {
    std::uint64_t bytes;
    std::uint64_t limit;
  };
  for (const Case& one : {Case{1025, 1152},
                          {1152, 1152},
                          {1153, 1280},
                          {2048, 2048},
                          {2049, 2304},
                          {100000, 106496},
                          {1ULL << 32, 1ULL << 32},
                          {(1ULL << 32) + 1, 9ULL << 29},
                          {1ULL << 47, 1ULL << 47}}) {
    CAPTURE(one.bytes);
    CHECK(sizeClassLimit(sizeClassOf(one.bytes)) == one.limit);
  }
}

TEST_CASE("each class starts one byte after the limit of the previous one") {
  for (std::uint16_t sizeClass = 1; sizeClass < 1300; ++sizeClass) {
    const std::uint64_t limit = sizeClassLimit(sizeClass);
    CHECK(sizeClassOf(limit) == sizeClass);
    CHECK(sizeClassOf(limit + 1) == sizeClass + 1);
  }
}

TEST_CASE("tables do not overlap") {
  for (const Capacities& capacities : {Capacities{1, 1}, Capacities{256, 9}, Capacities{257, 513},
                                       Capacities{kSiteCapacity, kStackCapacity}}) {
    RegionHeader header{};
    placeTables(header, capacities);
    CHECK(header.scopesOffset >= sizeof(RegionHeader));
    CHECK(header.modulesOffset >= header.scopesOffset + header.scopeCapacity * sizeof(ScopeName));
    CHECK(header.sitesOffset >= header.modulesOffset + header.moduleCapacity * sizeof(Module));
    CHECK(header.stacksOffset >= header.sitesOffset + header.siteCapacity * sizeof(SiteKey));
    CHECK(header.framesOffset >= header.stacksOffset + header.stackCapacity * sizeof(Stack));
    CHECK(header.segmentsOffset >= header.framesOffset + header.frameCapacity * sizeof(std::uint64_t));
    CHECK(header.frameCapacity >= kFramesPerStack);
    CHECK(header.segmentBytes >= counterCapacity(capacities.sites) * sizeof(Counter));
    CHECK(header.segmentsOffset % 4096 == 0);
    CHECK(header.segmentBytes % 4096 == 0);
  }
}
