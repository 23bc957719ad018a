set(written docs/answers.cc docs/datasette.cc docs/described_schema.cc docs/doc_tables.cc)
set(described repopipe_alerts repopipe_job repopipe_report repopipe_storage repopipe_stages
              SQLite::SQLite3)

# The program behind scripts/docs.
add_executable(repopipe-docs docs/main.cc ${written})
target_link_libraries(repopipe-docs PRIVATE ${described})

repopipe_test(docs_tests ${written} docs/commands_test.cc docs/datasette_test.cc docs/doc_tables_test.cc docs/links_test.cc docs/metrics_test.cc docs/status_members_test.cc
  LIBRARIES ${described} repopipe_command CLI11::CLI11 nlohmann_json::nlohmann_json yaml-cpp)

# They start the programs.
repopipe_test(guide_tests STARTS
  docs/answers.cc docs/blocks.cc docs/blocks_test.cc docs/queries_test.cc
  e2e/process.cc e2e/temp_folder.cc
  LIBRARIES repopipe_core SQLite::SQLite3 nlohmann_json::nlohmann_json)
add_dependencies(guide_tests repopipe repopipe-simulator)
