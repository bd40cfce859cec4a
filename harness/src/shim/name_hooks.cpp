// Hooks of calls that create and remove names without opening them. Calls that open a file are in
// descriptor_hooks and stream_hooks.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/created_name.hpp"
#include "shim/next_function.hpp"

using namespace leakgate::shim;

LEAKGATE_HOOK(int, mkdir, const char* path, mode_t mode) {
  NewName name(AT_FDCWD, path);
  const int error = LEAKGATE_NEXT(mkdir)(path, mode);
  if (error == 0) name.madeBy(LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(int, mkdirat, int folder, const char* path, mode_t mode) {
  NewName name(folder, path);
  const int error = LEAKGATE_NEXT(mkdirat)(folder, path, mode);
  if (error == 0) name.madeBy(LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(char*, mkdtemp, char* pattern) {
  char* const made = LEAKGATE_NEXT(mkdtemp)(pattern);
  if (made != nullptr) NewName::chosen(made, LEAKGATE_CALLER);
  return made;
}
LEAKGATE_HOOK(int, link, const char* from, const char* to) {
  NewName name(AT_FDCWD, to);
  const int error = LEAKGATE_NEXT(link)(from, to);
  if (error == 0) name.madeBy(LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(int, symlink, const char* target, const char* path) {
  NewName name(AT_FDCWD, path);
  const int error = LEAKGATE_NEXT(symlink)(target, path);
  if (error == 0) name.madeBy(LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(int, mkfifo, const char* path, mode_t mode) {
  NewName name(AT_FDCWD, path);
  const int error = LEAKGATE_NEXT(mkfifo)(path, mode);
  if (error == 0) name.madeBy(LEAKGATE_CALLER);
  return error;
}

LEAKGATE_HOOK(int, unlink, const char* path) {
  const int error = LEAKGATE_NEXT(unlink)(path);
  if (error == 0) forgetName(AT_FDCWD, path);
  return error;
}
LEAKGATE_HOOK(int, unlinkat, int folder, const char* path, int flags) {
  const int error = LEAKGATE_NEXT(unlinkat)(folder, path, flags);
  if (error == 0) forgetName(folder, path);
  return error;
}
LEAKGATE_HOOK(int, rmdir, const char* path) {
  const int error = LEAKGATE_NEXT(rmdir)(path);
  if (error == 0) forgetName(AT_FDCWD, path);
  return error;
}
LEAKGATE_HOOK(int, remove, const char* path) {
  const int error = LEAKGATE_NEXT(remove)(path);
  if (error == 0) forgetName(AT_FDCWD, path);
  return error;
}
LEAKGATE_HOOK(int, rename, const char* from, const char* to) {
  const int error = LEAKGATE_NEXT(rename)(from, to);
  if (error == 0) renameName(AT_FDCWD, from, AT_FDCWD, to);
  return error;
}
LEAKGATE_HOOK(int, renameat, int fromFolder, const char* from, int toFolder, const char* to) {
  const int error = LEAKGATE_NEXT(renameat)(fromFolder, from, toFolder, to);
  if (error == 0) renameName(fromFolder, from, toFolder, to);
  return error;
}
