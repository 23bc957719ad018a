repopipe_test(core_tests
  core/failure_test.cc core/headers_test.cc core/record_batch_test.cc core/text_test.cc
  core/units_test.cc core/clock_test.cc core/hash_test.cc core/open_files_test.cc
  core/secrets_test.cc core/shard_test.cc core/wall_split_test.cc
  LIBRARIES repopipe_core)
