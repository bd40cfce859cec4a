// Multipart forms to memory and to the disk: the same parts, or the same status, however the bytes are split.
//
//   8 bytes: sizes of the pieces | the body, with the boundary "b"
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

#include "fuzz_input.hpp"
#include "h3http/error.hpp"
#include "request/form_storage.hpp"

using namespace h3::test;

namespace {

h3::StoredFormOptions storageOptions(std::size_t memoryBytes) {
  h3::StoredFormOptions options;
  options.memoryBytes = memoryBytes;
  options.memoryBytesInAll = 4 * memoryBytes;
  options.fileBytes = 64;
  options.fileBytesInAll = 100;
  options.files = 3;
  options.fieldBytesInAll = 48;
  options.multipart = {.parts = 5, .headerBytes = 200, .nameBytes = 20};
  return options;
}

struct StoredResult {
  std::optional<h3::StoredForm> form;
  int status = 200;
};

StoredResult storePieces(std::string_view body, std::uint64_t sizes, std::size_t memoryBytes) {
  StoredResult result;
  try {
    h3::FormStorage storage("b", storageOptions(memoryBytes));
    forEachPiece(body, sizes, [&](std::string_view piece) {
      storage.push(std::string(piece));
      if (storage.hasUnwritten()) storage.write();
    });
    storage.finish();
    storage.write();
    result.form = storage.take();
  } catch (const h3::HttpError& error) {
    result.status = error.status();
  }
  return result;
}

std::string storedBytes(const h3::StoredPart& part) {
  if (!part.isOnDisk()) return std::string(part.bytes());
  std::string content(part.size() + 1, '\0');
  const ssize_t count = ::pread(part.descriptor(), content.data(), content.size(), 0);
  FUZZ_CHECK(count >= 0);
  content.resize(static_cast<std::size_t>(count));
  return content;
}

void checkPart(const h3::StoredPart& part, const h3::StoredPart& inMemory) {
  FUZZ_CHECK(!inMemory.isOnDisk());
  FUZZ_CHECK(part.name() == inMemory.name() && part.filename() == inMemory.filename());
  FUZZ_CHECK(part.contentType() == inMemory.contentType());
  FUZZ_CHECK(part.size() == inMemory.size() && inMemory.bytes().size() == inMemory.size());
  FUZZ_CHECK(storedBytes(part) == inMemory.bytes());
  FUZZ_CHECK(part.isOnDisk() == (part.isFile() && part.size() != 0));
}

void checkStorageLimits(const h3::StoredForm& form) {
  const h3::StoredFormOptions options = storageOptions(0);
  std::size_t files = 0;
  std::uint64_t fileBytes = 0;
  std::uint64_t fieldBytes = 0;
  for (const h3::StoredPart& part : form.parts()) {
    files += part.isFile() ? 1 : 0;
    (part.isFile() ? fileBytes : fieldBytes) += part.size();
    FUZZ_CHECK(!part.isFile() || part.size() <= options.fileBytes);
  }
  FUZZ_CHECK(form.parts().size() <= options.multipart.parts && files <= options.files);
  FUZZ_CHECK(fileBytes <= options.fileBytesInAll && fieldBytes <= options.fieldBytesInAll);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const std::uint64_t sizes = input.takeNumber();
  const StoredResult memory = storePieces(input.rest(), ~std::uint64_t{0}, 1024);
  const StoredResult disk = storePieces(input.rest(), sizes, 0);
  FUZZ_CHECK(disk.status == memory.status);
  if (!memory.form) {
    FUZZ_CHECK(memory.status == 400 || memory.status == 413);
    return 0;
  }
  checkStorageLimits(*memory.form);
  FUZZ_CHECK(disk.form->parts().size() == memory.form->parts().size());
  for (std::size_t i = 0; i < disk.form->parts().size(); ++i)
    checkPart(disk.form->parts()[i], memory.form->parts()[i]);
  return 0;
}
