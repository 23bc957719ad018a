find_package(Threads REQUIRED)
repopipe_test(stages_tests
  stages/fetch/deal.cc stages/fetch/engine_connections_test.cc stages/fetch/engine_proxy_test.cc stages/fetch/engine_test.cc stages/providers/github/github_deck.cc stages/providers/github/github_deck_refusals.cc
  stages/providers/gitea/gitea_deck_test.cc stages/providers/github/github_deck_test.cc stages/providers/github/github_limits_test.cc stages/providers/github/github_random_test.cc
  stages/providers/github/github_test.cc stages/providers/github/github_members_test.cc stages/parse/http_date_test.cc stages/parse/inflate_test.cc
  stages/parse/json_account_test.cc stages/parse/json_row_test.cc stages/parse/json_row_mend_test.cc stages/parse/link_header_test.cc
  stages/parse/parse_test.cc stages/parse/rest_test.cc stages/providers/providers_test.cc stages/providers/github/random_responses.cc
  stages/parse/surrogates_test.cc stages/transform/transforms_test.cc
  LIBRARIES repopipe_stages repopipe_testing CURL::libcurl nlohmann_json::nlohmann_json
            simdjson::simdjson)
repopipe_apart(stages/fetch/deal.cc stages/providers/gitea/gitea_deck_test.cc
               stages/providers/github/github_deck.cc)
