#include "server/unix_access.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cerrno>

namespace h3::server {
namespace {

using boost::system::system_error;

[[noreturn]] void throwFor(const std::string& path, const std::string& what, int error) {
  throw system_error(error, boost::system::system_category(), path + ": " + what);
}

// At the start, on the main thread: the plain functions do.
uid_t userId(const std::string& path, const std::string& name) {
  if (name.empty()) return static_cast<uid_t>(-1);
  const passwd* const entry = ::getpwnam(name.c_str());
  if (entry == nullptr) throwFor(path, "no user \"" + name + "\"", ENOENT);
  return entry->pw_uid;
}

gid_t groupId(const std::string& path, const std::string& name) {
  if (name.empty()) return static_cast<gid_t>(-1);
  const group* const entry = ::getgrnam(name.c_str());
  if (entry == nullptr) throwFor(path, "no group \"" + name + "\"", ENOENT);
  return entry->gr_gid;
}

}  // namespace

// The owner first: changing it may clear permissions.
void applyAccess(const std::string& path, const UnixAccess& access) {
  const uid_t uid = userId(path, access.user);
  const gid_t gid = groupId(path, access.group);
  const bool keepsOwner = access.user.empty() && access.group.empty();
  if (!keepsOwner && ::lchown(path.c_str(), uid, gid) != 0) throwFor(path, "cannot change its owner", errno);
  if (access.mode != 0 && ::chmod(path.c_str(), access.mode) != 0)
    throwFor(path, "cannot change its permissions", errno);
}

}  // namespace h3::server
