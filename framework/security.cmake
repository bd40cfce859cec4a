# h3http::security: what needs OpenSSL. A library of its own, so that programs without it link no OpenSSL.
find_package(OpenSSL 3.0)
if(NOT OpenSSL_FOUND)
  message(STATUS "OpenSSL 3 not found: h3http::security is left out (Debian: libssl-dev)")
  return()
endif()

add_library(h3http_security STATIC)
add_library(h3http::security ALIAS h3http_security)
target_sources(h3http_security PUBLIC FILE_SET HEADERS BASE_DIRS include FILES
  include/h3http/auth.hpp include/h3http/csrf.hpp include/h3http/sealer.hpp include/h3http/session_store.hpp include/h3http/sessions.hpp)
set_target_properties(h3http_security PROPERTIES EXPORT_NAME security VERIFY_INTERFACE_HEADER_SETS ON)
target_include_directories(h3http_security PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
target_link_libraries(h3http_security PUBLIC h3http PRIVATE $<BUILD_INTERFACE:h3_warnings> OpenSSL::Crypto)
h3_precompile(h3http_security)
add_subdirectory(src/security)
h3_compile_folders_together(h3http_security)
if(H3_BUILD_TESTS)
  add_subdirectory(tests/security)
endif()

h3_install_component(security h3httpSecurityTargets)

# h3http::jwt: JSON Web Tokens, for those who link cjose.
pkg_check_modules(cjose IMPORTED_TARGET cjose>=0.6)
if(cjose_FOUND)
  add_library(h3http_jwt STATIC)
  add_library(h3http::jwt ALIAS h3http_jwt)
  target_sources(h3http_jwt PUBLIC FILE_SET HEADERS BASE_DIRS include FILES include/h3http/jwt.hpp)
  set_target_properties(h3http_jwt PROPERTIES EXPORT_NAME jwt VERIFY_INTERFACE_HEADER_SETS ON)
  target_include_directories(h3http_jwt PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_link_libraries(h3http_jwt PUBLIC h3http_security
    PRIVATE $<BUILD_INTERFACE:h3_warnings> nlohmann_json::nlohmann_json PkgConfig::cjose)
  add_subdirectory(src/jwt)
  if(H3_BUILD_TESTS)
    add_subdirectory(tests/jwt)
  endif()

  h3_install_component(jwt h3httpJwtTargets)
else()
  message(STATUS "cjose not found: h3http::jwt is left out (Debian: libcjose-dev)")
endif()

# h3http::redis: sessions in Redis, for those who link hiredis.
pkg_check_modules(hiredis IMPORTED_TARGET hiredis>=0.14)
if(NOT hiredis_FOUND)
  message(STATUS "hiredis not found: h3http::redis is left out (Debian: libhiredis-dev)")
  return()
endif()

add_library(h3http_redis STATIC)
add_library(h3http::redis ALIAS h3http_redis)
target_sources(h3http_redis PUBLIC FILE_SET HEADERS BASE_DIRS include FILES include/h3http/redis_session_store.hpp)
set_target_properties(h3http_redis PROPERTIES EXPORT_NAME redis VERIFY_INTERFACE_HEADER_SETS ON)
target_include_directories(h3http_redis PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
target_link_libraries(h3http_redis PUBLIC h3http_security PRIVATE $<BUILD_INTERFACE:h3_warnings> PkgConfig::hiredis)
add_subdirectory(src/redis)
if(H3_BUILD_TESTS)
  add_subdirectory(tests/redis)
endif()

h3_install_component(redis h3httpRedisTargets)
