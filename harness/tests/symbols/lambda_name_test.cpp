#include "symbols/lambda_name.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace leakgate;

TEST_CASE("all spellings of a lambda are one") {
  const struct {
    std::string_view name;
    std::string_view read;
  } rows[] = {
      {"main::{lambda(int)#1}::operator()", "lambda in main"},
      {"main::<lambda(int)>::operator()", "lambda in main"},
      {"main::$_0::operator()", "lambda in main"},
      {"main::{lambda(int)#2}::_FUN", "lambda in main"},
      {"<lambda()>", "lambda"},
      {"A::later::{lambda#1}::operator()::{lambda#1}::operator()", "lambda in lambda in A::later"},
      {"wrap<main::{lambda#1}&>", "wrap<lambda in main>"},
      {"main", "main"},
      {"A::operator()", "A::operator()"},
      {"$_x", "$_x"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(withLambdasRead(row.name) == row.read);
  }
}
