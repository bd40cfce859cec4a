#include "shim/unwind/eh_frame.hpp"

#include "shim/unwind/byte_reader.hpp"
#include "shim/unwind/cfa_program.hpp"

namespace leakgate::shim {
namespace {

// Pointer encodings (DW_EH_PE_*): format in the low four bits, base in the next three.
enum : uint8_t {
  kAbsolute = 0x00,
  kUnsigned2 = 0x02,
  kUnsigned4 = 0x03,
  kUnsigned8 = 0x04,
  kSigned2 = 0x0a,
  kSigned4 = 0x0b,
  kSigned8 = 0x0c,
  kFromHere = 0x10,
  kFromHeader = 0x30,
  kIndirect = 0x80,
};

uint64_t readForm(ByteReader& reader, uint8_t encoding) noexcept {
  switch (encoding & 0x0f) {
    case kUnsigned2:
      return reader.fixed<uint16_t>();
    case kUnsigned4:
      return reader.fixed<uint32_t>();
    case kSigned2:
      return static_cast<uint64_t>(reader.fixed<int16_t>());
    case kSigned4:
      return static_cast<uint64_t>(reader.fixed<int32_t>());
    default:
      return reader.fixed<uint64_t>();
  }
}

// 0 for encodings that are not used in .eh_frame; no code starts at 0.
uint64_t readPointer(ByteReader& reader, uint8_t encoding) noexcept {
  const auto here = reinterpret_cast<uint64_t>(reader.at());
  const uint64_t value = readForm(reader, encoding);
  switch (encoding & 0xf0) {
    case kAbsolute:
      return value;
    case kFromHere:
      return here + value;
    default:
      return 0;
  }
}

// The record (CIE or FDE) at an address, without its length. Empty when there is none.
ByteReader openRecord(const EhFrame& frames, const uint8_t* record) noexcept {
  if (record < frames.moduleStart || record >= frames.moduleEnd) return {};
  ByteReader reader(record, frames.moduleEnd);
  const auto length = reader.fixed<uint32_t>();
  if (length == 0 || length == 0xffffffff) return {};  // the end; a record of 4 GiB
  return reader.take(length);
}

struct Cie {
  CodeUnits units;
  uint8_t pointerEncoding;
  bool hasAugmentation;
};

bool readAugmentation(ByteReader& reader, const char* letters, Cie& cie) noexcept {
  if (*letters == '\0') return true;
  if (*letters++ != 'z') return false;
  cie.hasAugmentation = true;
  ByteReader data = reader.take(reader.uleb());
  for (; *letters != '\0'; ++letters) {
    switch (*letters) {
      case 'R':
        cie.pointerEncoding = data.fixed<uint8_t>();
        break;
      case 'L':
        data.fixed<uint8_t>();
        break;
      case 'P':
        readForm(data, data.fixed<uint8_t>());
        break;
      case 'S':
        cie.units.isSignalFrame = true;
        break;
      default:
        return false;
    }
  }
  return !data.failed();
}

bool readCie(ByteReader reader, Cie& cie) noexcept {
  const auto id = reader.fixed<uint32_t>();
  const auto version = reader.fixed<uint8_t>();
  if (id != 0 || (version != 1 && version != 3)) return false;
  const char* letters = reinterpret_cast<const char*>(reader.at());
  while (reader.fixed<uint8_t>() != 0) {
  }
  cie.units.codeAlign = reader.uleb();
  cie.units.dataAlign = reader.sleb();
  cie.units.returnRegister = version == 1 ? reader.fixed<uint8_t>() : reader.uleb();
  if (reader.failed() || !readAugmentation(reader, letters, cie)) return false;
  cie.units.initial = reader;
  return !reader.failed();
}

struct TableEntry {
  int32_t code;
  int32_t record;
};

TableEntry entryAt(const EhFrame& frames, uint64_t index) noexcept {
  TableEntry entry;
  memcpy(&entry, frames.table + index * sizeof entry, sizeof entry);
  return entry;
}

// The record of the last piece of code that starts at or before the address.
const uint8_t* findRecord(const EhFrame& frames, uint64_t address) noexcept {
  const auto wanted = static_cast<int64_t>(address - reinterpret_cast<uint64_t>(frames.header));
  uint64_t low = 0;
  uint64_t high = frames.count;
  while (low < high) {
    const uint64_t middle = (low + high) / 2;
    if (entryAt(frames, middle).code <= wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? nullptr : frames.header + entryAt(frames, low - 1).record;
}

FrameRule readFde(const EhFrame& frames, ByteReader fde, uint64_t address) noexcept {
  const uint8_t* at = fde.at();
  Cie cie{};
  if (!readCie(openRecord(frames, at - fde.fixed<uint32_t>()), cie)) return ruleOfKind(CfaRule::other);
  const uint64_t start = readPointer(fde, cie.pointerEncoding);
  const uint64_t bytes = readForm(fde, cie.pointerEncoding);
  if (address - start >= bytes) return ruleOfKind(CfaRule::none);
  if (cie.hasAugmentation) fde.take(fde.uleb());
  FrameRow row{};
  if (!runCfaProgram(cie.units, fde, start, address, row)) return ruleOfKind(CfaRule::other);
  return packRow(row, cie.units.isSignalFrame);
}

}  // namespace

EhFrame openEhFrame(const void* header, const void* moduleStart, const void* moduleEnd) noexcept {
  EhFrame frames{static_cast<const uint8_t*>(header), static_cast<const uint8_t*>(moduleStart),
                 static_cast<const uint8_t*>(moduleEnd), nullptr, 0};
  if (frames.header < frames.moduleStart || frames.header >= frames.moduleEnd) return frames;
  ByteReader reader(frames.header, frames.moduleEnd);
  const auto version = reader.fixed<uint8_t>();
  const auto framesEncoding = reader.fixed<uint8_t>();
  const auto countEncoding = reader.fixed<uint8_t>();
  const auto tableEncoding = reader.fixed<uint8_t>();
  if (version != 1 || countEncoding != kUnsigned4 || tableEncoding != (kFromHeader | kSigned4)) return frames;
  readForm(reader, framesEncoding);
  const uint64_t count = reader.fixed<uint32_t>();
  if (reader.failed() || count > reader.left() / sizeof(TableEntry)) return frames;
  frames.table = reader.at();
  frames.count = count;
  return frames;
}

FrameRule readFrameRule(const EhFrame& frames, uint64_t address) noexcept {
  if (frames.table == nullptr) return ruleOfKind(CfaRule::none);
  const uint8_t* record = findRecord(frames, address);
  const ByteReader fde = record != nullptr ? openRecord(frames, record) : ByteReader();
  return fde.atEnd() ? ruleOfKind(CfaRule::none) : readFde(frames, fde, address);
}

}  // namespace leakgate::shim
