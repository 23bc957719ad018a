repopipe_test(e2e_tests STARTS
  LONG "Memory.*:WholeQueue.*:*KillMoments.*:*KillSweep.*:QueueKills.*:Queue.LosesNothing*:Processes.ComeTo*:UserFiles.AMillion*:*InAThousand*:DeckWays.*Everybody:*StarvedNights.WithoutAny*:*FaultNights.OfMore*"
  e2e/check_test.cc e2e/secrets_test.cc e2e/clock_test.cc e2e/compare_page_test.cc e2e/compare_queue_test.cc e2e/compare_test.cc e2e/conditional_test.cc e2e/contract_test.cc e2e/database_file_test.cc e2e/deck_ways_test.cc e2e/exit_codes_test.cc
  e2e/fault_nights_test.cc e2e/frozen_nights_test.cc e2e/gitea_test.cc e2e/transforms_test.cc
  e2e/faults_test.cc e2e/hindered_test.cc e2e/identity_test.cc e2e/interrupt_test.cc
  e2e/kill_moments_test.cc e2e/kill_sweep_test.cc e2e/layers_test.cc e2e/limits_test.cc
  e2e/main_job_test.cc e2e/memory_test.cc e2e/merge_test.cc e2e/metrics_test.cc e2e/nights_test.cc e2e/open_files_test.cc e2e/output_test.cc
  e2e/overlap_test.cc e2e/plan_test.cc e2e/processes_signals_test.cc e2e/processes_test.cc e2e/proxy_test.cc e2e/queue_kills_test.cc
  e2e/queue_secrets_test.cc e2e/queue_test.cc e2e/queue_trouble_test.cc e2e/refused_queue_test.cc
  e2e/report_test.cc e2e/shards_test.cc e2e/status_test.cc e2e/upkeep_test.cc e2e/tls_test.cc e2e/tokens_test.cc e2e/users_test.cc e2e/worlds_test.cc e2e/members_test.cc e2e/alerts_test.cc e2e/ends_test.cc e2e/display_test.cc
  e2e/install_test.cc
  e2e/deliver.cc e2e/gated_api.cc e2e/killed_nights.cc e2e/nightly.cc e2e/process.cc
  e2e/queue_world.cc e2e/random_world.cc
  e2e/rows.cc e2e/simulator.cc e2e/temp_folder.cc
  e2e/workers.cc e2e/world.cc
  stages/providers/github/github_deck.cc stages/providers/github/github_deck_refusals.cc
  LIBRARIES repopipe_report repopipe_core repopipe_testing SQLite::SQLite3 nlohmann_json::nlohmann_json)
repopipe_apart(stages/providers/github/github_deck_refusals.cc)
target_sources(e2e_tests PRIVATE e2e/unit_sandbox.cc e2e/units_test.cc)
# The tests start them.
add_dependencies(e2e_tests repopipe repopipe-simulator faulty_repopipe killed_repopipe
                 poisoned_repopipe repopipe_documents repopipe_manual)

# `repopipe` that kills itself at a commit.
add_executable(killed_repopipe ${PROJECT_SOURCE_DIR}/pipeline/main.cc e2e/killed_repopipe.cc)
target_link_libraries(killed_repopipe PRIVATE repopipe_command SQLite::SQLite3)

# `repopipe` whose disk fails.
add_executable(faulty_repopipe ${PROJECT_SOURCE_DIR}/pipeline/main.cc e2e/faulty_repopipe.cc
                               storage/fault_vfs.cc)
target_link_libraries(faulty_repopipe PRIVATE repopipe_command SQLite::SQLite3)

# `repopipe` that crashes over a page.
add_executable(poisoned_repopipe ${PROJECT_SOURCE_DIR}/pipeline/main.cc e2e/poisoned_repopipe.cc)
target_link_libraries(poisoned_repopipe
  PRIVATE repopipe_command PkgConfig::libdeflate ${CMAKE_DL_LIBS})

# `repopipe` that lacks memory or threads.  A sanitizer has an allocator and threads of its own.
if(NOT REPOPIPE_SANITIZE)
  target_sources(e2e_tests PRIVATE e2e/starved_nights_test.cc)
  add_executable(starved_repopipe e2e/starved_repopipe.cc)
  target_link_libraries(starved_repopipe PRIVATE repopipe_command ${CMAKE_DL_LIBS})
  add_dependencies(e2e_tests starved_repopipe)
endif()
