// Codings by the libraries' own one-call functions, to compare with.
#pragma once

#include <string>
#include <string_view>

namespace h3::test {

std::string gunzip(std::string_view bytes);
std::string unbrotli(std::string_view bytes);
std::string gzipped(std::string_view text);
std::string brotlied(std::string_view text);
/// `lines` lines of JSON that compress as real ones do.
std::string someJson(int lines);

}  // namespace h3::test
