#include "storage/schema/resource_columns.h"

#include <cassert>

namespace repopipe {

ResourceColumns::ResourceColumns(Fields table) : fields(table) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].identity == Identity::yes) {
      assert(fields[i].column == "id");
      id = i;
      continue;
    }
    switch (fields[i].role) {
      case Role::account_login:
        owner_login = i;
        break;
      case Role::account_kind:
        owner_kind = i;
        break;
      case Role::statistic:
        statistics.push_back(i);
        kept.push_back(i);
        break;
      case Role::account_id:
        assert(fields[i].column == "owner_id");
        owner_id = i;
        [[fallthrough]];
      case Role::attribute:
        if (fields[i].type == FieldType::text_list && fields[i].column == "topics") topics = i;
        attributes.push_back(i);
        kept.push_back(i);
        break;
    }
  }
}

std::string quoted(std::string_view column) {
  return "\"" + std::string(column) + "\"";
}

std::string column_of(const Field& field) {
  return quoted(field.column);
}

std::string joined(Fields fields, const std::vector<std::size_t>& indices,
                   const std::function<std::string(const Field&)>& write,
                   std::string_view between) {
  std::string text;
  for (const std::size_t index : indices) {
    if (!text.empty()) text += between;
    text += write(fields[index]);
  }
  return text;
}

}  // namespace repopipe
