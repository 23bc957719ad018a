# Changelog and copyright.
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

