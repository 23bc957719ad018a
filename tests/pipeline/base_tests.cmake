repopipe_test(core_tests
  pipeline/base/thread_test.cc pipeline/model/pending_task_test.cc pipeline/base/failure_test.cc pipeline/model/headers_test.cc pipeline/model/record_batch_test.cc pipeline/base/text_test.cc
  pipeline/base/units_test.cc pipeline/base/url_test.cc pipeline/base/open_files_test.cc
  pipeline/base/secrets_test.cc pipeline/model/run_test.cc
  LIBRARIES repopipe_core)
