#include "history/database.hpp"

namespace leakgate {

bool isPostgresUrl(std::string_view name) {
  return name.rfind("postgresql://", 0) == 0 || name.rfind("postgres://", 0) == 0;
}

std::string withoutPassword(const std::string& url) {
  const auto authority = url.find("://") + 3;
  const auto at = url.rfind('@', url.find('/', authority));
  const auto colon = url.find(':', authority);
  std::string shown = url;
  if (at != std::string::npos && colon < at) shown.replace(colon + 1, at - colon - 1, "***");
  const auto parameter = shown.find("password=");
  if (parameter != std::string::npos) {
    const auto value = parameter + std::string_view("password=").size();
    const auto end = shown.find('&', value);
    shown.replace(value, end == std::string::npos ? end : end - value, "***");
  }
  return shown;
}

std::unique_ptr<Database> openDatabase(const std::string& name, Missing missing, OnRetry onRetry) {
  return isPostgresUrl(name) ? openPostgres(name, std::move(onRetry)) : openSqlite(name, missing);
}

}  // namespace leakgate
