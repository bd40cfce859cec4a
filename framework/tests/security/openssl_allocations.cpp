#include "openssl_allocations.hpp"

#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>

namespace h3::test {
namespace {

std::atomic<std::size_t> allocations{0};

void* countedMalloc(std::size_t bytes, const char*, int) {
  ++allocations;
  return std::malloc(bytes);
}

void* countedRealloc(void* block, std::size_t bytes, const char*, int) {
  ++allocations;
  return std::realloc(block, bytes);
}

void countedFree(void* block, const char*, int) { std::free(block); }

// OpenSSL takes other functions only before its first allocation.
[[maybe_unused]] const int counting = CRYPTO_set_mem_functions(countedMalloc, countedRealloc, countedFree);

}  // namespace

std::size_t opensslAllocations() noexcept { return allocations; }

}  // namespace h3::test
