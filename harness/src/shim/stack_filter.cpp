#include "shim/stack_filter.hpp"

#include <errno.h>
#include <string.h>

#include "region/layout.hpp"
#include "shim/fatal.hpp"
#include "shim/module_table.hpp"
#include "shim/private_memory.hpp"
#include "shim/small_text.hpp"

namespace leakgate::shim {
namespace {

constexpr size_t kFilterBytes = size_t{layout::kFilterCapacity} * 256;
constexpr uint32_t kAnySize = ~0u;

struct Listed {
  uint64_t offset;
  uint32_t sizeClass;
  const char* file;  ///< without directory; in the mapped text
};
Listed gListed[layout::kFilterCapacity];
uint32_t gListedCount = 0;

// Hexadecimal digits up to a space; advances `at` behind it. False when there is another character, or none.
bool readHex(const char*& at, uint64_t& number) noexcept {
  const char* const first = at;
  for (number = 0; *at != ' '; ++at) {
    const char digit = *at;
    const bool decimal = digit >= '0' && digit <= '9';
    if (!decimal && (digit < 'a' || digit > 'f')) return false;
    number = number << 4 | static_cast<uint64_t>(decimal ? digit - '0' : digit - 'a' + 10);
  }
  return at++ != first;
}

bool readSizeClass(const char*& at, uint32_t& sizeClass) noexcept {
  const bool any = *at == '*';
  const char* const end = at + (any ? 1 : strspn(at, "0123456789"));
  sizeClass = any ? kAnySize : static_cast<uint32_t>(parseNumber(at));
  if (end == at || *end != ' ') return false;
  at = end + 1;
  return true;
}

// "32 1f2c libfoo.so"
void readLine(const char* line) noexcept {
  if (gListedCount == layout::kFilterCapacity) fail("stack filter has too many lines", line, 0);
  Listed listed{};
  const char* at = line;
  if (!readSizeClass(at, listed.sizeClass) || !readHex(at, listed.offset) || *at == '\0')
    fail("line of the stack filter is not SIZE_CLASS OFFSET FILE", line, 0);
  listed.file = at;
  gListed[gListedCount++] = listed;
}

const char* fileNameOf(const char* path) noexcept {
  const char* slash = strrchr(path, '/');
  return slash != nullptr ? slash + 1 : path;
}

}  // namespace

void prepareFilter(const char* path) noexcept {
  auto* text = static_cast<char*>(mapPrivate(kFilterBytes, AtFork::copy));
  if (text == nullptr) fail("no address space for the stack filter", path, errno);
  const size_t length = readStart(path, text, kFilterBytes - 1);
  if (length == 0) fail("cannot read the stack filter, or it is empty", path, errno);
  if (length == kFilterBytes - 1) fail("stack filter is too long", path, 0);
  for (char* line = text; line < text + length;) {
    char* const end = strchrnul(line, '\n');
    *end = '\0';
    readLine(line);
    line = end + 1;
  }
}

bool filterLists(uint64_t caller, uint16_t sizeClass) noexcept {
  if (gListedCount == 0 || (caller & layout::kStackBit) != 0) return false;
  const CodeLocation location = locationOf(caller);
  if (location.path == nullptr) return false;
  const char* const file = fileNameOf(location.path);
  for (uint32_t i = 0; i < gListedCount; ++i) {
    const Listed& listed = gListed[i];
    const bool sameSize = listed.sizeClass == kAnySize || listed.sizeClass == sizeClass;
    if (listed.offset == location.offset && sameSize && strcmp(listed.file, file) == 0) return true;
  }
  return false;
}

}  // namespace leakgate::shim
