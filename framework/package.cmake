# What `cmake --install --component h3http` gives a user: h3http::h3http by find_package, and h3http.pc. The library
# keeps its line tables: a finding inside of it then has its lines.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/h3http)

install(TARGETS h3http EXPORT h3httpTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT h3http FILE_SET HEADERS COMPONENT h3http)
install(EXPORT h3httpTargets NAMESPACE h3http:: DESTINATION ${package_dir} COMPONENT h3http)
add_dependencies(packaged h3http)
if(TARGET h3http_security)
  add_dependencies(packaged h3http_security)
endif()
if(TARGET h3http_compression)
  add_dependencies(packaged h3http_compression)
endif()
if(TARGET h3http_jwt)
  add_dependencies(packaged h3http_jwt)
endif()
if(TARGET h3http_redis)
  add_dependencies(packaged h3http_redis)
endif()

configure_package_config_file(h3httpConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/h3httpConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/h3httpConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/h3httpConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/h3httpConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT h3http)

# Relative, so that a moved or staged installation still works.
file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
get_target_property(boost_include Boost::headers INTERFACE_INCLUDE_DIRECTORIES)  # Boost has no .pc file
configure_file(h3http.pc.in ${CMAKE_CURRENT_BINARY_DIR}/h3http.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/h3http.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT h3http)
