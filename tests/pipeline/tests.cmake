include(pipeline/job_tests.cmake)
repopipe_test(pipeline_tests
  pipeline/alarm_test.cc pipeline/backoff_test.cc pipeline/pace_test.cc pipeline/plan_test.cc
  pipeline/plan_stop_test.cc pipeline/principal_test.cc pipeline/run_graph_test.cc
  pipeline/writer_test.cc
  LIBRARIES repopipe_pipeline)
