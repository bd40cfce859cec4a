#include "symbols/function_name.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("names for readers") {
  struct Row {
    const char* symbol;
    const char* readable;
  };
  const Row rows[] = {
      {"main", "main"},
      {"ngx_palloc", "ngx_palloc"},
      {"_ZN2h35Event10setContextESt17basic_string_viewIcSt11char_traitsIcEES4_", "h3::Event::setContext"},
      {"_ZN2h35Event10setContextESt17basic_string_viewIcSt11char_traitsIcEES4_.isra.0",
       "h3::Event::setContext"},
      {"_ZN2h35Event10setContextESt17basic_string_viewIcSt11char_traitsIcEES4_.part.1.cold",
       "h3::Event::setContext"},
      {"_ZN12_GLOBAL__N_15storeEi", "(anonymous namespace)::store"},
      {"_ZNK3Foo3barEv", "Foo::bar"},
      {"_Znwm", "operator new"},
      {"_ZN1XclEi", "X::operator()"},
      {"_ZN1XlsEi", "X::operator<<"},
      {"_ZN1XltEi", "X::operator<"},
      {"_ZN1XptEv", "X::operator->"},
      {"_ZN1XcvbEv", "X::operator bool"},
      {"_Z4makeIiEvT_", "make<int>"},
      {"_ZZ4mainENKUliE_clEi", "lambda in main"},
      {"_ZN1A3getB5cxx11Ev", "A::get"},
      {"_ZNSt6vectorIiSaIiEE9push_backEOi", "std::vector::push_back"},
      {"_ZNSt14_Function_base13_Base_managerIZZN1A5laterEmENKUliE_clEiEUlvE_E9_M_createIRKS2_EEvRSt9_Any_"
       "data",
       "std::_Function_base::_Base_manager::_M_create"},
      {"_Z4wrapIZN1XclEiEUlvE_Evv", "wrap<lambda in X::operator()>"},
      {"_ZZZN1A5laterEmENKUliE_clEiENKUlvE_clEv", "lambda in lambda in A::later"},
      {"_ZZ4mainENK3$_0clEi", "lambda in main"},      // clang
      {"_ZZ4mainENUliE0_4_FUNEi", "lambda in main"},  // as a function pointer
      {"_ZZN3app7handlerEvEN3$_18__invokeEi", "lambda in app::handler"},
      {"_Z4coroPZ4coroiE13_Z4coroi.Frame.actor", "coro"},  // a coroutine of GCC
      {"_ZN3app4coroEi.resume", "app::coro"},              // and of clang
      {"_ZN3Box3putERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE", "Box::put"},
      {"_ZN3BoxINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEE3putEv", "Box<std::string>::put"},
      {"_ZN3BoxISt6vectorIiSaIiEEE3putEv", "Box<std::vector<int>>::put"},
      {"_RNvNtCs1234_6server5notes4keep", "server::notes::keep"},  // Rust
      {"_ZN6server4keep17h0123456789abcdefE", "server::keep"},
      {"runtime.mallocgc", "runtime.mallocgc"},  // Go
  };
  for (const auto& [symbol, readable] : rows) {
    CAPTURE(symbol);
    CHECK(readableName(symbol) == readable);
  }
}

TEST_CASE("names that survive a rebuild") {
  CHECK(stableName("make<int>") == "make");
  CHECK(stableName("main::{lambda#1}::operator()") == stableName("main::{lambda#2}::operator()"));
  CHECK(stableName("lambda in wrap<int>") == "lambda in wrap");
  CHECK(stableName("<Journal as Writer>::write") == "Journal::write");
  CHECK(stableName("Map<A, B<C> >::put") == "Map::put");
  CHECK(stableName("X::operator<") == "X::operator<");
  CHECK(stableName("X<int>::operator<< <char>") == "X::operator<< ");
  CHECK(stableName("X<&Y::operator->>::call") == "X::call");
  CHECK(stableName("a::b") != stableName("a::c"));
}

TEST_CASE("library names") {
  CHECK(isLibraryName("std::vector::push_back"));
  CHECK(isLibraryName("__gnu_cxx::new_allocator::allocate"));
  CHECK(isLibraryName("operator new"));
  CHECK_FALSE(isLibraryName("h3::Event::setContext"));
  CHECK_FALSE(isLibraryName("stdx::thing"));
  CHECK_FALSE(isLibraryName("malloc_visits"));
  CHECK(isLibraryName("<alloc::vec::Vec<u8> as core::clone::Clone>::clone"));
}

TEST_CASE("names as debug information spells them") {
  CHECK(readableSpelling("main::<lambda(const std::string&)>::operator()") == "lambda in main");
  CHECK(readableSpelling("<lambda(int)>::operator()") == "lambda");
  CHECK(readableSpelling("operator()") == "operator()");
  CHECK(readableSpelling("keep_note") == "keep_note");
  CHECK(readableSpelling("main.(*Server).keep") == "main.(*Server).keep");
  CHECK(readableSpelling("app::(anonymous namespace)::keep<main(int, char**)::<lambda(int)>&>") ==
        "app::(anonymous namespace)::keep<lambda in main>");
}
