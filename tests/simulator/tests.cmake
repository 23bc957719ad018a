repopipe_test(simulator_tests
  simulator/accounts_test.cc simulator/answer_test.cc simulator/etag_test.cc
  simulator/evolution_test.cc simulator/fates_test.cc simulator/faults_test.cc
  simulator/http_client.cc simulator/identity_test.cc simulator/limit_responses_test.cc
  simulator/link_header_test.cc simulator/options_test.cc simulator/page_cache_test.cc
  simulator/politeness_test.cc simulator/program_test.cc simulator/quota_test.cc
  simulator/recorded_source_test.cc simulator/rules_test.cc simulator/secondary_limits_test.cc
  simulator/server_test.cc simulator/target_test.cc simulator/tokens_test.cc
  simulator/world_test.cc
  LIBRARIES repopipe_simulator_core nlohmann_json::nlohmann_json)
# program_test.cc starts the program itself.
add_dependencies(simulator_tests repopipe-simulator)
