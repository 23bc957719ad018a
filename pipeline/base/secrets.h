// Masks secrets in all text that leaves the process: standard streams, errors in the database,
// messages of workers, HTML pages.  The known secrets are one set per process, because a message
// can come from any layer (libcurl, SQLite, the API).  The set only grows: code that reads a secret
// adds it before using it.  Threading: all functions from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

// Whether a part of `text` has the form of a GitHub token (ghp_..., github_pat_..., 40 hex digits).
// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure
bool holds_token(std::string_view text);

// "...wxyz": at most the last four characters; none of a short secret.
std::string mask(std::string_view secret);

// `text` with everything masked that holds_token() finds.  For text from the user.
std::string without_tokens(std::string_view text);

// From now on without_secrets() masks it.  A secret of one character is ignored.
void add_secret(std::string_view secret);

// Adds each word of `text`, such as the output of a command that should have printed a token.
void add_secret_words(std::string_view text);

// Adds the password of an address, also of one that no URL parser accepts: encoded, decoded, and
// the parts that a parser may take for host, port or path.
void add_secrets_of_address(std::string_view address);

// The same for each address with an "@" in a longer text.
void add_secrets_of_addresses_in(std::string_view text);

// `text` with masks for known secrets, for user and password of any address, and for text in the
// form of a GitHub token; 40 hex digits only after a word such as `token`, because they can be the
// id of a commit.
std::string without_secrets(std::string_view text);

// Whether `data` from a server, which is to be stored, may hold a GitHub token in a current form or
// a known secret of at least 16 characters (a shorter one may be an ordinary word).  One pass over
// the data; false positives are possible.
bool may_hold_secret(std::string_view data);

// `data` with masks for these.
std::string data_without_secrets(std::string_view data);

// User and password in addresses, also in those that no URL parser accepts, and credentials in
// header fields: without the known secrets.

struct Userinfo {
  std::size_t begin;
  std::size_t length;  // without the "@"
};

// User and password of each address in `text`: SCHEME://U:P@HOST, //U:P@HOST, U:P@HOST.
std::vector<Userinfo> userinfos_in(std::string_view text);

// `text` with "***" in place of user and password of each address.
std::string without_userinfo(std::string_view text);

// `text` with the credentials after "Bearer " and "Basic " masked, unless they are an ordinary
// word.
// https://www.rfc-editor.org/rfc/rfc7617, https://www.rfc-editor.org/rfc/rfc6750
std::string without_credentials(std::string_view text);

}  // namespace repopipe
