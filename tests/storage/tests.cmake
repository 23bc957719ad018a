repopipe_test(storage_tests
  storage/database_test.cc
  storage/documentation_test.cc
  storage/history_test.cc
  storage/ledger_test.cc
  storage/repository_store_test.cc
  storage/schema_test.cc
  storage/store_fixture.cc
  storage/store_rows_test.cc
  storage/temp_folder.cc
  storage/test_fields.cc
  storage/unsettled_keys_test.cc
  storage/views_test.cc
  LIBRARIES repopipe_storage repopipe_stages)
