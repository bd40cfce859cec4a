// rust_v0_name.cpp, through rust_name.cpp, which calls it.
#include <doctest/doctest.h>

#include <string>

#include "symbols/rust_name.hpp"

using namespace leakgate;

TEST_CASE("Rust's symbols, version 0") {
  struct Row {
    const char* symbol;
    const char* name;
  };
  // Symbols of rustc 1.70 and of RFC 2603's examples.
  const Row rows[] = {
      {"_RNvCs1234_7mycrate3foo", "mycrate::foo"},
      {"_RNvC6_123foo3bar", "123foo::bar"},
      {"_RNCNvCsgStHSCytQ6I_7mycrate4main0B3_", "mycrate::main::{closure#0}"},
      {"_RNCNCNCNvCs1_3std2rt00s_0B9_", "std::rt::{closure#0}::{closure#0}::{closure#1}"},

      {"_RNvMCs4fqI2P2rA04_7mycrateNtB2_3Foo3new", "<mycrate::Foo>::new"},
      {"_RNvXCs4fqI2P2rA04_7mycrateNtB2_3FooNtB2_3Bar3run", "<mycrate::Foo as mycrate::Bar>::run"},
      {"_RINvCs4fqI2P2rA04_7mycrate3fooNtB2_3BarE", "mycrate::foo<mycrate::Bar>"},
      {"_RINvCs1_1a3fooTlhERShAtj8_E", "a::foo<(i32, u8), &[u8], [u16; 8]>"},
      {"_RINvCs1_1a3fooFUKClEuE", "a::foo<unsafe fn(i32)>"},
      {"_RINvCs1_1a3fooDNtB2_3BarEL_E", "a::foo<dyn a::Bar>"},
      {"_RNvC1aNvB0_", ""},          // a path that ends early
      {"_RNvB_3foo", ""},            // a reference to itself
      {"_RNvC9999mycrate3foo", ""},  // longer than the symbol
  };
  for (const auto& [symbol, name] : rows) {
    CAPTURE(symbol);
    CHECK(isRustSymbol(symbol));
    CHECK(rustName(symbol) == name);
  }
}

TEST_CASE("a symbol that nests without end is refused") {
  const std::string deep = "_RINvC1a1b" + std::string(100000, 'R') + "lE";
  CHECK(rustName(deep).empty());
}
