// Finds a smallest sublist that satisfies a predicate (ddmin).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace leakgate {

/// ddmin: returns a part of `input` that passes `test` and from which no single element can be removed
/// (1-minimal), in O(n^2) tests at worst and O(log n) when one element is enough.
///
/// `test(part)` returns whether the part still satisfies the predicate; it must hold for `input`, which is
/// not tested. The empty part is tested first. A test that returns false from some moment on ends the search
/// with the smallest part found so far. Source: A. Zeller and R. Hildebrandt, "Simplifying and Isolating
/// Failure-Inducing Input", IEEE Transactions on Software Engineering 28(2), 2002, section 3.
template <class T, class Test>
std::vector<T> ddmin(std::vector<T> input, Test test) {
  using Part = std::vector<T>;
  if (input.empty() || test(Part{})) return {};
  std::size_t parts = 2;
  while (input.size() >= 2) {
    const std::size_t size = input.size();
    const auto at = [&](std::size_t part) {
      return input.begin() + static_cast<std::ptrdiff_t>(part * size / parts);
    };
    bool reduced = false;
    for (std::size_t k = 0; k < parts && !reduced; ++k) {  // to a subset
      Part subset(at(k), at(k + 1));
      if (!test(subset)) continue;
      input = std::move(subset);
      parts = 2;
      reduced = true;
    }
    for (std::size_t k = 0; k < parts && parts > 2 && !reduced; ++k) {  // to a complement
      Part complement(input.begin(), at(k));
      complement.insert(complement.end(), at(k + 1), input.end());
      if (!test(complement)) continue;
      input = std::move(complement);
      parts = std::max<std::size_t>(parts - 1, 2);
      reduced = true;
    }
    if (reduced) continue;
    if (parts >= size) break;
    parts = std::min(2 * parts, size);
  }
  return input;
}

}  // namespace leakgate
