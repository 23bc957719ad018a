include(pipeline/base_tests.cmake)
include(pipeline/job_tests.cmake)
repopipe_test(pipeline_tests
  pipeline/run/timer_test.cc pipeline/plan/backoff_test.cc pipeline/plan/time_split_test.cc pipeline/plan/outage_test.cc pipeline/plan/limits/rate_limiter_test.cc pipeline/plan/plan_test.cc
  pipeline/plan/plan_conditional_test.cc pipeline/plan/plan_identity_test.cc pipeline/plan/plan_accounts_test.cc pipeline/plan/plan_lists_test.cc pipeline/plan/plan_members_test.cc pipeline/plan/plan_totals_test.cc pipeline/plan/retry_policy_test.cc pipeline/plan/plan_credits_test.cc pipeline/plan/scheduler_test.cc pipeline/plan/subjects/subject_table_test.cc pipeline/plan/run_tally_test.cc pipeline/plan/plan_waits_test.cc
  pipeline/plan/plan_page_size_test.cc pipeline/plan/plan_second_reading_test.cc pipeline/plan/plan_suspects_test.cc
  pipeline/plan/plan_limits_test.cc pipeline/plan/plan_pace_test.cc pipeline/plan/plan_outage_test.cc pipeline/plan/plan_random_test.cc pipeline/plan/plan_stop_test.cc pipeline/plan/plan_tokens_test.cc pipeline/plan/plan_workers_test.cc
  pipeline/plan/principal_test.cc pipeline/run/plan_clock_test.cc pipeline/run/run_graph_test.cc
  pipeline/run/writer_test.cc pipeline/plan/subjects/pages_test.cc
  LIBRARIES repopipe_pipeline)
repopipe_test(command_tests
  pipeline/command/command_line_test.cc pipeline/command/compare_options_test.cc
  pipeline/command/run_stop_test.cc pipeline/report/page/night_words_test.cc pipeline/report/page/page_test.cc pipeline/report/status_test.cc pipeline/report/summary_test.cc pipeline/report/ends_test.cc pipeline/report/frame_test.cc pipeline/alerts/after_hook_test.cc pipeline/alerts/event_log_test.cc pipeline/alerts/ping_test.cc
  pipeline/command/tokens_test.cc
  pipeline/compare/compared_text_test.cc pipeline/compare/html_page_test.cc
  pipeline/compare/memory_watch_test.cc pipeline/compare/recommendation_test.cc
  pipeline/compare/trial_test.cc
  LIBRARIES repopipe_command repopipe_testing nlohmann_json::nlohmann_json)

repopipe_test(queue_tests STARTS
  pipeline/workers/queue/concurrency_share_test.cc pipeline/workers/queue/lost_queue_test.cc pipeline/workers/queue/queue_executor_test.cc
  pipeline/workers/queue/queue_run_test.cc pipeline/workers/queue/queue_worker_test.cc
  pipeline/workers/queue/claimed_tasks_test.cc
  pipeline/workers/queue/redis_error_test.cc pipeline/workers/queue/redis_test.cc pipeline/workers/queue/worker_health_test.cc
  pipeline/workers/queue/queue_contract_test.cc pipeline/workers/executor_contract.cc
  pipeline/workers/queue/queue_world.cc pipeline/workers/queue/worker_world.cc pipeline/workers/lines.cc pipeline/workers/processes/pool_world.cc
  e2e/gated_api.cc
  LIBRARIES repopipe_pipeline repopipe_testing)
# Its workers have processes of their own.
add_dependencies(queue_tests repopipe)
target_compile_definitions(queue_tests PRIVATE REPOPIPE_VERSION="${PROJECT_VERSION}")

repopipe_test(wire_tests
  pipeline/workers/wire/codec_test.cc pipeline/workers/wire/extremes_test.cc pipeline/workers/wire/frame_test.cc pipeline/workers/wire/made_up_messages.cc
  pipeline/workers/wire/text_list_test.cc
  LIBRARIES repopipe_pipeline msgpack)

# They start the real program as their workers.
repopipe_test(workers_tests STARTS
  pipeline/workers/executor_contract.cc pipeline/workers/executor_contract_test.cc
  pipeline/workers/local/local_executor_test.cc
  pipeline/workers/processes/pool_losses_test.cc pipeline/workers/processes/pool_secrets_test.cc
  pipeline/workers/processes/pool_strangers_test.cc pipeline/workers/lines.cc pipeline/workers/processes/pool_world.cc
  pipeline/workers/processes/process_pool_test.cc
  pipeline/workers/processes/worker_exit_test.cc
  e2e/gated_api.cc e2e/temp_folder.cc
  LIBRARIES repopipe_pipeline repopipe_testing)
target_compile_definitions(workers_tests PRIVATE REPOPIPE_VERSION="${PROJECT_VERSION}")
add_dependencies(workers_tests repopipe)

repopipe_test(prediction_tests
  pipeline/prediction/experience_test.cc pipeline/prediction/prediction_test.cc pipeline/prediction/schedule_test.cc
  LIBRARIES repopipe_prediction repopipe_stages)
