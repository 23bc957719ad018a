// Keeps secrets out of all text that leaves the process: standard streams, errors in the database,
// responses over a wire, pages of HTML.
//
// The known secrets are one set for the process, because a message can come from any layer: from
// libcurl, from SQLite, from the API.  The set only grows: whoever reads a secret adds it before it
// is used.  Threading: any, for all functions.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

// Whether something in `text` has the form of a GitHub token (ghp_..., github_pat_..., 40 hex
// digits).  https://docs.github.com/en/authentication/keeping-your-account-and-data-secure
bool holds_token(std::string_view text);

// "...wxyz": at most the last four characters, none of a short secret.
std::string mask(std::string_view secret);

// `text` with everything masked that holds_token() finds.  For what a user wrote.
std::string without_tokens(std::string_view text);

// From now on without_secrets() masks it.  Of less than two characters nothing is kept.
void add_secret(std::string_view secret);

// Adds each word of `text`, such as the output of a command that should have printed a token.
void add_secret_words(std::string_view text);

// Adds the password of an address, also of one that no URL parser takes: encoded, decoded, and the
// pieces that a parser may take for a host, a port or a path.
void add_secrets_of_address(std::string_view address);

// The same for each address with an @ in a longer text.
void add_secrets_of_addresses_in(std::string_view text);

// `text` without the known secrets, without user and password of any address, and without what
// looks like a token of GitHub; 40 hex digits only behind a word such as `token`, since they can
// also be the name of a commit.
std::string without_secrets(std::string_view text);

// Whether `data`, which a server told and which is to be stored, holds a token of GitHub in one of
// its present forms, or a known secret of at least 16 characters: a shorter one may be an ordinary
// word of it.  One pass over the data.  May say yes of what only looks like it.
bool may_hold_secret(std::string_view data);

// `data` without these.
std::string data_without_secrets(std::string_view data);

}  // namespace repopipe
