#pragma once
#include <cstddef>

namespace h3::test {

/// How often OpenSSL has allocated so far, in all threads. Link openssl_allocations.cpp, which counts from the start.
std::size_t opensslAllocations() noexcept;

}  // namespace h3::test
