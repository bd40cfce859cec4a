// The JSON documents inside leakgate's HTML pages: a page is as good as the file that it was made from.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

inline constexpr std::string_view kReportDataId = "leakgate-report";  ///< leakgate.report/1: the newer one
inline constexpr std::string_view kBaseDataId = "leakgate-base";      ///< leakgate.report/1: the older one
inline constexpr std::string_view kGateDataId = "leakgate-gate";      ///< which reports a gate's page has

/// A document of up to so many bytes is written as it is, a larger one packed().
inline constexpr std::size_t kMaxPlainDataBytes = 128U << 10U;

/// An element that browsers neither run nor show. "<" of `json`, which only occurs in strings, is written as
/// \u003c, so that no name can end the element (WHATWG HTML, 4.12.1.3).
std::string dataBlock(std::string_view id, std::string_view json);

/// The same, packed however small it is: for many in one page.
std::string packedDataBlock(std::string_view id, std::string_view json);

/// Whether `text` is a page with a document `id`.
bool hasData(std::string_view text, std::string_view id);

/// The document `id` of a page; `text` itself when it is no page. Errors: InputError when the page lacks it,
/// or it is damaged.
std::string jsonOf(std::string_view text, std::string_view id, const std::string& fileName);

}  // namespace leakgate
