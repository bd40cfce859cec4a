# h3http::compression: what needs zlib and libbrotli. A library of its own, so that programs without it link neither.
find_package(ZLIB)
pkg_check_modules(brotli IMPORTED_TARGET libbrotlienc>=1.0 libbrotlidec>=1.0)
if(NOT ZLIB_FOUND OR NOT brotli_FOUND)
  message(STATUS "zlib or brotli not found: h3http::compression is left out (Debian: zlib1g-dev, libbrotli-dev)")
  return()
endif()

add_library(h3http_compression STATIC)
add_library(h3http::compression ALIAS h3http_compression)
target_sources(h3http_compression PUBLIC FILE_SET HEADERS BASE_DIRS include FILES
  include/h3http/compress.hpp
  include/h3http/decompress.hpp)
set_target_properties(h3http_compression PROPERTIES EXPORT_NAME compression VERIFY_INTERFACE_HEADER_SETS ON)
target_include_directories(h3http_compression PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
target_link_libraries(h3http_compression PUBLIC h3http
  PRIVATE $<BUILD_INTERFACE:h3_warnings> ZLIB::ZLIB PkgConfig::brotli)
h3_precompile(h3http_compression)
add_subdirectory(src/compression)
h3_compile_folders_together(h3http_compression)
if(H3_BUILD_TESTS)
  add_subdirectory(tests/compression)
endif()

h3_install_component(compression h3httpCompressionTargets)
