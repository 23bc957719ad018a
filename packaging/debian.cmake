# The Debian package.  CPack's settings are documented in cpack-generators(7).
set(revision 1)
set(documents ${CMAKE_CURRENT_BINARY_DIR}/documents)
file(MAKE_DIRECTORY ${documents})
configure_file(debian/changelog.in ${documents}/changelog.Debian @ONLY)
configure_file(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${documents}/changelog COPYONLY)
configure_file(debian/copyright ${documents}/copyright COPYONLY)
find_program(GZIP gzip REQUIRED)
foreach(name changelog changelog.Debian)
  add_custom_command(OUTPUT ${documents}/${name}.gz
    COMMAND ${GZIP} -9nkf ${documents}/${name} DEPENDS ${documents}/${name} VERBATIM)
endforeach()
add_custom_target(repopipe_documents ALL
  DEPENDS ${documents}/changelog.gz ${documents}/changelog.Debian.gz)
install(FILES ${documents}/changelog.gz ${documents}/changelog.Debian.gz ${documents}/copyright
        DESTINATION share/doc/repopipe)
install(FILES debian/lintian-overrides DESTINATION share/lintian/overrides RENAME repopipe)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME repopipe)
set(CPACK_PACKAGE_VENDOR "repopipe developers")
set(CPACK_PACKAGE_CONTACT "repopipe developers <packages@repopipe.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${revision})
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, systemd-standalone-sysusers | systemd")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "sqlite3, redis-server, prometheus-node-exporter")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "lists the repositories of GitHub users in a SQLite database")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"repopipe reads usernames from a job file, lists their repositories through
the API of GitHub or Gitea, and stores every repository, every change and
every timing in one SQLite database.  It is made for a nightly job: it
resumes an interrupted run, stays below the rate limits of the API, and
sends conditional requests.

repopipe-simulator serves the same API from generated accounts, for tests.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_SOURCE_DIR}/debian/postinst
    ${CMAKE_CURRENT_SOURCE_DIR}/debian/prerm
    ${CMAKE_CURRENT_SOURCE_DIR}/debian/postrm)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/before_package.cmake)
include(CPack)
