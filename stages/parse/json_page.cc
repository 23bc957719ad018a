#include "stages/parse/json_page.h"

#include <fmt/format.h>

#include "pipeline/base/text.h"

namespace repopipe {

std::uint64_t digest_of(const RecordBatch& rows, std::size_t identity) {
  if (rows.rows() == 0 || identity >= rows.fields().size()) return 0;
  Fnv1a digest;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const CellView id = rows.at(row, identity);
    const auto* number = std::get_if<std::int64_t>(&id);
    digest.add(static_cast<std::uint64_t>(number ? *number : 0));
  }
  return digest.value();
}

Status check_skips(const Page& page) {
  const auto skipped = page.skipped_ids.size() + static_cast<std::size_t>(page.unnamed_skips);
  const std::size_t records = page.rows.rows() + skipped;
  const bool is_few = skipped == 1 || skipped * 10 <= records;
  if (skipped == 0 || (is_few && skipped < records)) return {};
  if (records == 1) return fail(FailureKind::bad_record, page.skip_note);
  return fail(FailureKind::bad_record,
              fmt::format("{} of {} records cannot be read: {}", skipped, records, page.skip_note));
}

void count_nulls(const std::string& note, Page& page) {
  page.unnamed_skips = page.skipped - static_cast<int>(page.skipped_ids.size());
  if (page.skip_note.empty()) page.skip_note = note;
}

}  // namespace repopipe
