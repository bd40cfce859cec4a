// Streams and directories: libc opens and closes their descriptors internally, past the hooks of open and
// close.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include "shim/created_name.hpp"
#include "shim/next_function.hpp"
#include "shim/resource_tables.hpp"

using namespace leakgate::shim;

namespace {

FILE* noted(FILE* stream, const CallerFrame& caller) noexcept {
  if (stream != nullptr) noteDescriptor(fileno(stream), caller);
  return stream;
}

// "w" and "a" make the file. `open` makes the call.
template <typename Open>
FILE* notedOpen(const char* path, const char* mode, Open open, const CallerFrame& caller) noexcept {
  if (*mode != 'w' && *mode != 'a') return noted(open(), caller);
  NewName name(AT_FDCWD, path);
  FILE* const stream = open();
  if (stream != nullptr) name.madeBy(caller);
  return noted(stream, caller);
}

DIR* noted(DIR* folder, const CallerFrame& caller) noexcept {
  if (folder != nullptr) noteDescriptor(dirfd(folder), caller);
  return folder;
}

}  // namespace

LEAKGATE_HOOK(FILE*, fopen, const char* path, const char* mode) {
  return notedOpen(
      path, mode, [&] { return LEAKGATE_NEXT(fopen)(path, mode); }, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(FILE*, fopen64, const char* path, const char* mode) {
  return notedOpen(
      path, mode, [&] { return LEAKGATE_NEXT(fopen64)(path, mode); }, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(FILE*, freopen, const char* path, const char* mode, FILE* stream) {
  forgetDescriptor(fileno(stream), LEAKGATE_CALLER);
  return noted(LEAKGATE_NEXT(freopen)(path, mode, stream), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(FILE*, freopen64, const char* path, const char* mode, FILE* stream) {
  forgetDescriptor(fileno(stream), LEAKGATE_CALLER);
  return noted(LEAKGATE_NEXT(freopen64)(path, mode, stream), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(FILE*, tmpfile, void) { return noted(LEAKGATE_NEXT(tmpfile)(), LEAKGATE_CALLER); }
LEAKGATE_HOOK(FILE*, tmpfile64, void) { return noted(LEAKGATE_NEXT(tmpfile64)(), LEAKGATE_CALLER); }
LEAKGATE_HOOK(FILE*, popen, const char* command, const char* mode) {
  return noted(LEAKGATE_NEXT(popen)(command, mode), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, fclose, FILE* stream) {
  forgetDescriptor(fileno(stream), LEAKGATE_CALLER);
  return LEAKGATE_NEXT(fclose)(stream);
}
LEAKGATE_HOOK(int, pclose, FILE* stream) {
  forgetDescriptor(fileno(stream), LEAKGATE_CALLER);
  return LEAKGATE_NEXT(pclose)(stream);
}
LEAKGATE_HOOK(DIR*, opendir, const char* path) {
  return noted(LEAKGATE_NEXT(opendir)(path), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, closedir, DIR* folder) {
  if (folder != nullptr) forgetDescriptor(dirfd(folder), LEAKGATE_CALLER);
  return LEAKGATE_NEXT(closedir)(folder);
}
