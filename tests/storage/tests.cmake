repopipe_test(storage_tests
  LONG "FaultSweep.*:MergeTest.SurvivesEveryFailureOfTheDisk"
  storage/store/accounts_test.cc
  storage/sqlite/checkpointer_test.cc
  storage/sqlite/database_test.cc
  storage/documentation_test.cc
  storage/fault_sweep_test.cc
  storage/fault_vfs.cc
  storage/sqlite/file_watch_test.cc
  storage/records/history_test.cc
  storage/store/page_validators_test.cc
  storage/store/run_table_test.cc
  storage/store/run_totals_test.cc storage/upkeep/retention_test.cc
  storage/store/left_over_first_test.cc
  storage/store/lost_accounts_test.cc
  storage/merge/merge_random_test.cc
  storage/merge/merge_stays_test.cc
  storage/merge/merge_test.cc
  storage/merge/merge_world.cc
  storage/schema/migrations_test.cc
  storage/store/missing_repos_test.cc
  storage/store/sqlite_store_test.cc
  storage/store/recent_requests_test.cc storage/query/night_report_test.cc storage/query/snapshot_test.cc storage/query/run_cost_test.cc
  storage/sqlite/run_lock_test.cc
  storage/query/database_diff_test.cc
  storage/schema/schema_test.cc
  storage/store/members.cc
  storage/store/stay_writer_test.cc
  storage/store/store_fixture.cc
  storage/store/store_rows_test.cc
  storage/temp_folder.cc
  storage/test_fields.cc
  storage/store/resume_filter_test.cc
  storage/store/subject_writer_test.cc
  storage/schema/views_test.cc
  LIBRARIES repopipe_storage repopipe_stages repopipe_testing)
