#pragma once

#include "crud/crud.hpp"
#include "crud/page_bound.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The operations of the port upon one connection. They expect the latest schema and throw
/// sqlite_error; the errors they return are those of a store that is well.
namespace ocpi::crud::sqlite {

class database;
class write_transaction;

result<record> find_record(database& connection, std::string_view module, const object_key& key);

/// Decides by the columns before the document, which SQLite reads only when it is to be returned.
result<record> find_visible_record(database& connection, std::string_view module,
                                   const object_key& key, const std::vector<party>& emsps);

/// The record at that place of the table, unless its JSON exceeds the bound of its page.
std::optional<record> find_record_within(database& connection, std::int64_t sequence,
                                         byte_bound& bound);

/// The same without its JSON, which is not read.
std::optional<record> find_record_head(database& connection, std::int64_t sequence);

/// Called in a read transaction, as it reads twice.
result<record> find_record_by_secondary_key(database& connection, std::string_view module,
                                            std::string key, record_filter filter);

/// Of the latest change of the store.
result<revision> find_latest_revision(database& connection);

/// What a list returns is of one moment: it reads in a transaction of its own.
result<page> list_records(database& connection, std::string_view module, list_query query);
result<sorted_page> list_sorted_records(database& connection, std::string_view module,
                                        sorted_query query);
result<changes_page> list_changed_records(database& connection, std::string_view module,
                                          changes_query query);

result<revision> insert_record(write_transaction& in, std::string_view module,
                               const document& document);
/// A record of another store with the numbers that it has there; the latest numbers stay as they
/// are. False: the key or the place is taken.
bool restore_record(write_transaction& in, std::string_view module, const record& stored,
                    std::int64_t sequence);
result<revision> update_record(write_transaction& in, std::string_view module,
                               const document& document, revision expected);
result<void> delete_record(write_transaction& in, std::string_view module, const object_key& key);
/// As Crud::remove_unchanged().
result<std::vector<object_key>> delete_unchanged_records(write_transaction& in,
                                                         std::string_view module,
                                                         const std::vector<removal>& removals,
                                                         const std::vector<std::string>& belonging);

}  // namespace ocpi::crud::sqlite
