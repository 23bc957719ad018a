# The program behind scripts/docs.
add_executable(repopipe-docs docs/main.cc docs/described_schema.cc docs/doc_tables.cc)
target_link_libraries(repopipe-docs PRIVATE repopipe_alerts repopipe_job repopipe_report repopipe_storage repopipe_stages)

repopipe_test(docs_tests
  docs/described_schema.cc docs/doc_tables.cc docs/doc_tables_test.cc
  LIBRARIES repopipe_alerts repopipe_job repopipe_report repopipe_storage repopipe_stages)
