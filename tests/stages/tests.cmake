find_package(Threads REQUIRED)
repopipe_test(stages_tests
  stages/engine_test.cc stages/github_test.cc stages/inflate_test.cc stages/json_row_test.cc
  stages/link_header_test.cc stages/parse_test.cc stages/percent_test.cc
  LIBRARIES repopipe_stages repopipe_testing CURL::libcurl simdjson::simdjson)
