#include "symbols/rust_name.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leakgate;

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
