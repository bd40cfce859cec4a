#include "gate/budget_text.hpp"

#include "report/finding_text.hpp"

namespace leakgate {

std::string budgetText(const Budget& budget, const std::string& unit) {
  if (budget.min && budget.max && *budget.min == *budget.max) return "exactly " + asValue(*budget.min, unit);
  std::string text;
  if (budget.min) text = "at least " + asValue(*budget.min, unit);
  if (budget.max) text += (text.empty() ? "" : " and ") + ("at most " + asValue(*budget.max, unit));
  return text;
}

}  // namespace leakgate
