// The fenced blocks of a document, and the shell session that runs its commands.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe::docs {

struct Block {
  int line = 0;          // of its first fence
  std::string language;  // after the fence, such as `sh`; empty: none
  std::string text;
  std::string reason;  // of a line `<!-- not run: REASON -->` or `<!-- not compared: REASON -->`
                       // above it; empty: there is none
};

std::vector<Block> blocks_in(std::string_view document);

// What is wrong with the blocks, a line each.  A block is a command (`sh`), a file (`yaml`, with
// its name as a comment in the first line), or the output of the block above (`text`); another one
// needs a reason.
std::string mistakes_in(const std::vector<Block>& blocks);

// A script for bash that runs all commands in their order, and writes what block i prints to
// `outputs`/i.  It ends at the first failure, and stops the programs that it started.
std::string session_of(const std::vector<Block>& blocks, const std::filesystem::path& outputs);

// Whether each line of `expected` begins a line of `output`, in this order.  Numbers, with their
// units, are equal.
bool is_output(std::string_view expected, std::string_view output);

}  // namespace repopipe::docs
