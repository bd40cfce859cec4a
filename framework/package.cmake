# What `cmake --install` gives a user: h3http::h3http by find_package, and h3http.pc.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/h3http)

install(TARGETS h3http EXPORT h3httpTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} FILE_SET HEADERS)
install(EXPORT h3httpTargets NAMESPACE h3http:: DESTINATION ${package_dir})

configure_package_config_file(h3httpConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/h3httpConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/h3httpConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/h3httpConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/h3httpConfigVersion.cmake
  DESTINATION ${package_dir})

# Relative, so that a moved or staged installation still works.
file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(h3http.pc.in ${CMAKE_CURRENT_BINARY_DIR}/h3http.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/h3http.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
