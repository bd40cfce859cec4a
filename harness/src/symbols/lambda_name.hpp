// Lambdas in readable names.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// "main::{lambda(int)#1}::operator()" as "lambda in main". Compilers and debug information spell a lambda in
/// many ways ("<lambda(int)>", "$_0"), and number it by what else is in the function: all become one. Those
/// within template arguments too.
std::string withLambdasRead(std::string_view name);

}  // namespace leakgate
