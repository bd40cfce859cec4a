#include "symbols/rust_name.hpp"

#include <doctest/doctest.h>

#include <string>

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

TEST_CASE("Rust's symbols, the legacy scheme") {
  CHECK(rustName("_ZN5alloc3vec12Vec$LT$T$GT$4push17h0123456789abcdefE") == "alloc::vec::Vec<T>::push");
  CHECK(rustName("_ZN48_$LT$app..Note$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE") ==
        "<app::Note as core::clone::Clone>::clone");
  CHECK(rustName("_ZN3app4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE") ==
        "app::main::{{closure}}");
}

TEST_CASE("other languages' symbols are not Rust's") {
  for (const char* symbol : {"_Z3foov", "_ZN3foo3barEv", "_R", "_Repeat", "_rust", "main", "_ZN3foo17habcdE"})
    CHECK_FALSE(isRustSymbol(symbol));
}
