# CPack runs this after it has installed the files of the package into a folder.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
if(NOT EXISTS ${root}/usr/share/man/man1/repopipe.1.gz)
  message(FATAL_ERROR "The package needs manual pages: install scdoc, and build again")
endif()
