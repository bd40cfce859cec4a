#include "symbols/module_name.hpp"

#include <cstddef>

namespace leakgate {

std::string_view withoutVersion(std::string_view module) {
  for (std::size_t i = 1; i + 1 < module.size(); ++i) {
    const bool separates = module[i] == '-' || module[i] == '.' || module[i] == '_';
    if (separates && module[i + 1] >= '0' && module[i + 1] <= '9') return module.substr(0, i);
  }
  return module;
}

}  // namespace leakgate
