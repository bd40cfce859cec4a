# What `cmake --install` gives a user. Component leakgate: the command, its shim and the doctor's server. Component
# leakgate_testing: leakgate::testing by find_package and leakgate_testing.pc; it links the shim of the first.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/leakgate)

set_target_properties(leakgate_core PROPERTIES EXPORT_NAME core)
set_target_properties(leakgate_shim PROPERTIES EXPORT_NAME shim)
set_target_properties(leakgate_testing PROPERTIES EXPORT_NAME testing)
install(TARGETS leakgate leakgate-doctor-target RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT leakgate)
install(TARGETS leakgate_shim EXPORT leakgateTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT leakgate)
install(TARGETS leakgate_core leakgate_testing EXPORT leakgateTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT leakgate_testing
  FILE_SET HEADERS COMPONENT leakgate_testing)
install(EXPORT leakgateTargets NAMESPACE leakgate:: DESTINATION ${package_dir} COMPONENT leakgate_testing)
add_dependencies(packaged leakgate leakgate-doctor-target leakgate_shim leakgate_testing)

configure_package_config_file(leakgateConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/leakgateConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/leakgateConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/leakgateConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/leakgateConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT leakgate_testing)

# Relative, so that a moved or staged installation still works.
file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(leakgate_testing.pc.in ${CMAKE_CURRENT_BINARY_DIR}/leakgate_testing.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/leakgate_testing.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT leakgate_testing)

# Line tables of templates are nine tenths of these files, and would name only leakgate's own lines.
h3_strip_installed(COMPONENT leakgate FILES ${CMAKE_INSTALL_BINDIR}/leakgate)
h3_strip_installed(COMPONENT leakgate_testing FILES
  ${CMAKE_INSTALL_LIBDIR}/libleakgate_core.a ${CMAKE_INSTALL_LIBDIR}/libleakgate_testing.a)
