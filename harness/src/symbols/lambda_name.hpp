// Makes lambdas in names readable.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Turns "main::{lambda(int)#1}::operator()" into "lambda in main". Compilers and debug information spell a
/// lambda in many ways ("<lambda(int)>", "$_0"), and number it within its function: all become the same. Also
/// within template arguments.
std::string withLambdasRead(std::string_view name);

}  // namespace leakgate
