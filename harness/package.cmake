# What `cmake --install` gives a user beside the command: leakgate::testing by find_package, with the shim that it links.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/leakgate)

set_target_properties(leakgate_core PROPERTIES EXPORT_NAME core)
set_target_properties(leakgate_shim PROPERTIES EXPORT_NAME shim)
set_target_properties(leakgate_testing PROPERTIES EXPORT_NAME testing)
install(TARGETS leakgate_shim EXPORT leakgateTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS leakgate_core EXPORT leakgateTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS leakgate_testing EXPORT leakgateTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} FILE_SET HEADERS)
install(EXPORT leakgateTargets NAMESPACE leakgate:: DESTINATION ${package_dir})

configure_package_config_file(leakgateConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/leakgateConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/leakgateConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/leakgateConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/leakgateConfigVersion.cmake
  DESTINATION ${package_dir})
